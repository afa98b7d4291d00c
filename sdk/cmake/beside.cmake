# Libraries that are installed beside libtally, which loads them only when they are wanted (core/beside.cpp), and does without where
# what they need is not there.

# tally_add_beside(NAME PURPOSE PACKAGE SOURCE): libtally_NAME.so.1 from one source, with what pkg-config knows as PACKAGE.
function(tally_add_beside name purpose package source)
  find_package(PkgConfig)
  string(TOUPPER "${name}" upper)
  if(PkgConfig_FOUND)
    pkg_check_modules(TALLY_${upper} IMPORTED_TARGET ${package})
  endif()
  option(TALLYSTICK_${upper} "Build ${purpose} (needs ${package})" ${TALLY_${upper}_FOUND})
  if(NOT TALLYSTICK_${upper})
    return()
  endif()
  add_library(tallystick_${name} SHARED ${source})
  target_compile_features(tallystick_${name} PRIVATE cxx_std_20)
  target_link_libraries(tallystick_${name} PRIVATE PkgConfig::TALLY_${upper})
  # C++ of its own would be a runtime for everybody.
  target_compile_options(tallystick_${name} PRIVATE -fno-exceptions -fno-rtti -fno-threadsafe-statics -fvisibility=hidden)
  set_target_properties(tallystick_${name} PROPERTIES OUTPUT_NAME tally_${name} VERSION ${PROJECT_VERSION} SOVERSION 1)
  install(TARGETS tallystick_${name} LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" NAMELINK_SKIP)
endfunction()
