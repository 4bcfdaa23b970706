/* SPDX-License-Identifier: Apache-2.0 */
/* Only changed lines are written, inside one synchronised update, so nothing flickers. */
#include "ctl/terminal.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define BEGIN_UPDATE "\033[?2026h"
#define END_UPDATE "\033[?2026l"
#define ENTER "\033[?1049h\033[?25l\033[2J"
#define LEAVE "\033[0m\033[?25h\033[?1049l"

static struct {
    struct termios before;
    bool has_keys; /* stdin is a terminal too */
    bool opened;
    char **lines; /* as last drawn */
    size_t count;
} terminal;

static void write_all(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        bytes += written;
        length -= (size_t)written;
    }
}

bool terminal_open(void)
{
    if (!isatty(STDOUT_FILENO))
        return false;
    terminal.has_keys = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &terminal.before) == 0;
    if (terminal.has_keys) {
        struct termios keys = terminal.before;
        keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
        keys.c_cc[VSUSP] = _POSIX_VDISABLE; /* a stopped screen would leave the terminal in our hands */
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &keys);
    }
    terminal.opened = true;
    atexit(terminal_close);
    write_all(ENTER, strlen(ENTER));
    return true;
}

void terminal_close(void)
{
    if (!terminal.opened)
        return;
    terminal.opened = false;
    terminal_forget();
    write_all(LEAVE, strlen(LEAVE));
    if (terminal.has_keys)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal.before);
}

void terminal_size(int *ret_columns, int *ret_rows)
{
    struct winsize size;
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
    *ret_columns = known ? size.ws_col : 80;
    *ret_rows = known ? size.ws_row : 24;
}

static bool is_drawn(size_t line, const char *text)
{
    return line < terminal.count && text_equal(terminal.lines[line], text);
}

static void remember(const struct screen *screen)
{
    terminal_forget();
    terminal.lines = memory_new(screen->count, sizeof *terminal.lines);
    terminal.count = screen->count;
    for (size_t i = 0; i < screen->count; i++)
        terminal.lines[i] = memory_text(screen->lines[i]);
}

void terminal_draw(const struct screen *screen)
{
    struct buffer out = BUFFER_EMPTY;
    buffer_append_text(&out, BEGIN_UPDATE);
    if (terminal.lines == NULL)
        buffer_append_text(&out, "\033[2J");
    for (size_t i = 0; i < screen->count; i++)
        if (!is_drawn(i, screen->lines[i]))
            buffer_append_format(&out, "\033[%zu;1H\033[K%s", i + 1, screen->lines[i]);
    if (screen->count < terminal.count)
        buffer_append_format(&out, "\033[%zu;1H\033[J", screen->count + 1);
    buffer_append_text(&out, END_UPDATE);
    write_all(out.data, out.length);
    buffer_done(&out);
    remember(screen);
}

void terminal_forget(void)
{
    for (size_t i = 0; i < terminal.count; i++)
        free(terminal.lines[i]);
    free(terminal.lines);
    terminal.lines = NULL;
    terminal.count = 0;
}

void terminal_bell(void)
{
    write_all("\a", 1);
}
