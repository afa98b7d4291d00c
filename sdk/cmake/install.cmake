# Installing: headers, libraries, the command, and a package that find_package(tallystick) finds.
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/tallystick")

install(TARGETS tallystick_core tallystick_cpp tallystick_gtest tallystick_host tallystick_runtime tallystick
  EXPORT tallystick_targets
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY
  "${PROJECT_SOURCE_DIR}/abi/include/"
  "${PROJECT_SOURCE_DIR}/bindings/cpp/include/"
  "${PROJECT_SOURCE_DIR}/sdk/runtime/include/"
  "${PROJECT_SOURCE_DIR}/sdk/testing/include/"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(FILES "${PROJECT_SOURCE_DIR}/abi/schema/interface.schema.json" DESTINATION "${CMAKE_INSTALL_DATADIR}/tallystick")
install(FILES "${PROJECT_SOURCE_DIR}/sdk/testing/src/gtest.cpp" DESTINATION "${CMAKE_INSTALL_DATADIR}/tallystick")
install(EXPORT tallystick_targets NAMESPACE tallystick:: DESTINATION "${package_dir}")

configure_package_config_file("${PROJECT_SOURCE_DIR}/sdk/cmake/tallystick-config.cmake.in"
  "${PROJECT_BINARY_DIR}/tallystick-config.cmake"
  INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/tallystick-config-version.cmake" COMPATIBILITY SameMajorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/tallystick-config.cmake"
  "${PROJECT_BINARY_DIR}/tallystick-config-version.cmake"
  "${PROJECT_SOURCE_DIR}/sdk/cmake/Tallystick.cmake"
  "${PROJECT_SOURCE_DIR}/sdk/cmake/module.cpp.in"
  "${PROJECT_SOURCE_DIR}/sdk/cmake/module.map.in"
  DESTINATION "${package_dir}")
