/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded by bench/events: notes each fsync and fdatasync of a program as a byte in the file $FSYNCS, and makes it
   $FSYNC_DELAY_US longer. (strace can do both, but slows everything else of a program that makes many system calls.) */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void delay(void)
{
    const char *us = getenv("FSYNC_DELAY_US");
    struct timespec left = {.tv_nsec = us != NULL ? strtol(us, NULL, 10) * 1000 : 0};
    while (left.tv_nsec > 0 && nanosleep(&left, &left) != 0)
        continue;
}

static void note(void)
{
    static int file = -1;
    const char *path = getenv("FSYNCS");
    if (file < 0 && path != NULL)
        file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (file >= 0 && write(file, "x", 1) != 1)
        abort();
}

static int done(long result)
{
    int saved = errno;
    delay();
    note();
    errno = saved;
    return (int)result;
}

int fsync(int fd)
{
    return done(syscall(SYS_fsync, fd));
}

int fdatasync(int fd)
{
    return done(syscall(SYS_fdatasync, fd));
}
