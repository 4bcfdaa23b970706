# SPDX-License-Identifier: Apache-2.0
# What goes where. DESTDIR and --prefix both work; only a prefix of /usr or /usr/local has its configuration in /etc.
set(RETURNSD_CONFIG_DIRECTORY "/etc/returnsd" CACHE PATH "where returnsd.conf is looked for without systemd")
target_compile_definitions(station PRIVATE
    RETURNSD_CONFIG_DIRECTORY="${RETURNSD_CONFIG_DIRECTORY}"
    RETURNSD_DATA_DIRECTORY="${CMAKE_INSTALL_FULL_DATADIR}/returnsd")
target_compile_definitions(returnsctl PRIVATE RETURNSD_DATA_DIRECTORY="${CMAKE_INSTALL_FULL_DATADIR}/returnsd")

foreach(program returnsd returnsctl)
  if(TARGET ${program})
    install(TARGETS ${program} DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()

install(DIRECTORY data/ DESTINATION ${CMAKE_INSTALL_DATADIR}/returnsd PATTERN returnsd.conf EXCLUDE)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")
install(DIRECTORY docs/examples protocol/schema DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
file(GLOB manuals CONFIGURE_DEPENDS docs/*.[158])
foreach(manual ${manuals})
  string(REGEX MATCH "[158]$" part ${manual})
  install(FILES ${manual} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${part})
endforeach()

configure_file(systemd/returnsd.service.in systemd/returnsd.service @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/systemd/returnsd.service DESTINATION lib/systemd/system)
install(FILES systemd/returnsd.sysusers DESTINATION lib/sysusers.d RENAME returnsd.conf)
install(FILES udev/70-returnsd.rules DESTINATION lib/udev/rules.d)

# A configuration that is there already belongs to the people of the station.
install(CODE "set(source \"${CMAKE_SOURCE_DIR}/data/returnsd.conf\")")
install(CODE [[
  set(directory "${CMAKE_INSTALL_PREFIX}/etc/returnsd")
  if(CMAKE_INSTALL_PREFIX MATCHES "^(/usr(/local)?)?/?$")
    set(directory "/etc/returnsd")
  endif()
  if(EXISTS "$ENV{DESTDIR}${directory}/returnsd.conf")
    message(STATUS "Kept: $ENV{DESTDIR}${directory}/returnsd.conf")
  else()
    file(INSTALL "${source}" DESTINATION "${directory}")
  endif()
  file(MAKE_DIRECTORY "$ENV{DESTDIR}${directory}/conf.d")
]])
