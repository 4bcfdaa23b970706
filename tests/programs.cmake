# SPDX-License-Identifier: Apache-2.0
# Programs that tests and the demo run beside the daemon (in build/<preset>/bin), and the tests that are no unit tests.
add_executable(fake_printer support/fake_printer_main.c)
target_link_libraries(fake_printer PRIVATE test_support)

# Python without packages, but for the subscriber (python3-zmq). $BIN says which build they run.
function(python_test name)
  add_test(NAME ${name} COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/${name}_test.py ${ARGN})
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}" TIMEOUT 900)
endfunction()
foreach(test ctl watch offline verify policy audit events photo)
  python_test(system/${test} $<TARGET_FILE:returnsctl>)
endforeach()
foreach(test not_stored bad_input reload scanners link restore erp metrics labels carrier zmq_facts privacy)
  python_test(system/${test})
endforeach()
# Two halves of the same test, so that they run side by side.
foreach(calls "pwrite64" "fdatasync sendto sendmsg")
  separate_arguments(arguments UNIX_COMMAND ${calls})
  string(REPLACE " " "_" name ${calls})
  add_test(NAME crash/edges_${name} COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/crash/edges_test.py ${arguments})
  set_tests_properties(crash/edges_${name} PROPERTIES ENVIRONMENT "BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}" TIMEOUT 900)
endforeach()
# A short run; tests/crash/feed_test.py 60000 20 is the long one.
python_test(crash/feed)
python_test(crash/label_bytes)
add_test(NAME system/demo COMMAND /usr/bin/python3 ${CMAKE_SOURCE_DIR}/scripts/shift.py --once)
set_tests_properties(system/demo PROPERTIES ENVIRONMENT "BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")

# The house rules. Exit status 77: skipped, and the reason is printed.
foreach(check layers sizes schemas self_test udev_test install_test unit_test)
  add_test(NAME lint/${check} COMMAND ${CMAKE_SOURCE_DIR}/tests/lint/${check}.py ${CMAKE_BINARY_DIR})
  set_tests_properties(lint/${check} PROPERTIES SKIP_RETURN_CODE 77)
endforeach()

# Drivers on the real libusb, against devices that umockdev shows them.
pkg_check_modules(UMOCKDEV IMPORTED_TARGET umockdev-1.0)
if(UMOCKDEV_FOUND)
  file(GLOB usb_support CONFIGURE_DEPENDS usb/*.c)
  list(FILTER usb_support EXCLUDE REGEX "_test\\.c$")
  file(GLOB usb_tests CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/usb usb/*_test.c)
  foreach(test ${usb_tests})
    get_filename_component(name ${test} NAME_WE)
    add_executable(usb_${name} usb/${test} ${usb_support})
    target_link_libraries(usb_${name} PRIVATE test_support station PkgConfig::UMOCKDEV)
    target_compile_definitions(usb_${name} PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}" DAEMON="$<TARGET_FILE:returnsd>")
    set_target_properties(usb_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    add_test(NAME usb/${name} COMMAND usb_${name})
    set_tests_properties(usb/${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300
        ENVIRONMENT "LD_PRELOAD=libumockdev-preload.so.0;ASAN_OPTIONS=verify_asan_link_order=0")
  endforeach()
else()
  add_test(NAME usb/skipped COMMAND sh -c "echo 'skipped: umockdev (libumockdev-dev) is not installed'; exit 77")
  set_tests_properties(usb/skipped PROPERTIES SKIP_RETURN_CODE 77)
endif()

# The spool with its real driver, database and sockets on a virtual clock: its loop stands in front of the real one.
file(GLOB spool_support CONFIGURE_DEPENDS spool/*.c)
list(FILTER spool_support EXCLUDE REGEX "_test\\.c$")
file(GLOB spool_tests CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/spool spool/*_test.c)
foreach(test ${spool_tests})
  get_filename_component(name ${test} NAME_WE)
  add_executable(spool_${name} spool/${test} ${spool_support})
  target_link_libraries(spool_${name} PRIVATE test_support station)
  target_link_options(spool_${name} PRIVATE -Wl,--wrap=clock_read)
  target_compile_definitions(spool_${name} PRIVATE SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  set_target_properties(spool_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME spool/${name} COMMAND spool_${name})
  set_tests_properties(spool/${name} PROPERTIES TIMEOUT 600)
endforeach()

# Our labels through a renderer and decoders that are not ours; scripts/test installs what it needs.
add_executable(label_samples external/label_samples.c)
target_link_libraries(label_samples PRIVATE test_support label barcode PkgConfig::JANSSON)
add_test(NAME external/labels COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/external/labels_test ${CMAKE_BINARY_DIR}/external
  $<TARGET_FILE:label_samples>)
set_tests_properties(external/labels PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 1200 PROCESSORS 2)

# Harnesses for libFuzzer (scripts/fuzz); here each replays its corpus.
file(GLOB fuzz_harnesses CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} fuzz/*_fuzz.c)
foreach(harness ${fuzz_harnesses})
  string(REGEX REPLACE "^fuzz/(.*)_fuzz\\.c$" "\\1" name ${harness})
  add_executable(fuzz_${name} ${harness} fuzz/replay.c)
  target_link_libraries(fuzz_${name} PRIVATE test_support hid barcode)
  set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME fuzz/${name} COMMAND fuzz_${name} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${name})
endforeach()
add_test(NAME external/books COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/external/books_test.py ${CMAKE_BINARY_DIR}/external)
set_tests_properties(external/books PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300
  ENVIRONMENT "BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
# From the events of every golden shift alone, the reference ERP has the station's books.
add_test(NAME external/shifts COMMAND /usr/bin/python3 ${CMAKE_CURRENT_SOURCE_DIR}/external/shifts_test.py $<TARGET_FILE:golden_shifts>)
set_tests_properties(external/shifts PROPERTIES TIMEOUT 600)
