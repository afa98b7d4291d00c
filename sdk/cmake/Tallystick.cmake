# What a project that uses Tallystick calls from CMake: an interface from a description, a module from an author's classes.

# tallystick_add_interface(NAME DESCRIPTION FILE [INTERFACE INTERFACE_NAME])
#
# Makes the interface library NAME: the headers that `tallystick gen` writes for FILE, on the include path, and what
# they need. They are made again when the description or the generator changes. INTERFACE_NAME is the interface's name,
# where the target is to have another (a project with two versions of one interface).
function(tallystick_add_interface name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DESCRIPTION;INTERFACE" "")
  if(NOT arg_DESCRIPTION)
    message(FATAL_ERROR "tallystick_add_interface(${name}): DESCRIPTION, the JSON file, is missing")
  endif()
  cmake_path(ABSOLUTE_PATH arg_DESCRIPTION BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE OUTPUT_VARIABLE description)
  set(out "${CMAKE_CURRENT_BINARY_DIR}/${name}.generated")
  set(stamp "${CMAKE_CURRENT_BINARY_DIR}/${name}.generated.stamp")
  set(interface "${name}")
  if(arg_INTERFACE)
    set(interface "${arg_INTERFACE}")
  endif()
  set(prefix "${out}/${interface}")
  add_custom_command(
    OUTPUT "${stamp}"
    BYPRODUCTS "${prefix}.h" "${prefix}.hpp" "${prefix}_types.hpp" "${prefix}_glue.hpp" "${prefix}.md"
    COMMAND tallystick::tallystick gen "${description}" --out "${out}"
    COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}"
    DEPENDS "${description}" tallystick::tallystick
    COMMENT "Generating ${name} from ${arg_DESCRIPTION}"
    VERBATIM)
  add_custom_target(${name}_generated DEPENDS "${stamp}")
  add_library(${name} INTERFACE)
  add_dependencies(${name} ${name}_generated)
  target_include_directories(${name} INTERFACE "${out}")
  target_link_libraries(${name} INTERFACE tallystick::host)
  set_target_properties(${name} PROPERTIES TALLYSTICK_INTERFACE "${interface}")
endfunction()

# tallystick_add_module(NAME INTERFACE TARGET IMPLEMENTATION HEADER NAMESPACE NAMESPACE [SOURCES FILE...])
#
# Makes the module NAME.so: the author's plain classes, which HEADER declares in NAMESPACE, behind the C ABI of the
# interface that TARGET was made for. It can be loaded as a plugin; programs can also link it. NAME is what the module
# calls itself.
function(tallystick_add_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "INTERFACE;IMPLEMENTATION;NAMESPACE" "SOURCES")
  foreach(argument IN ITEMS INTERFACE IMPLEMENTATION NAMESPACE)
    if(NOT arg_${argument})
      message(FATAL_ERROR "tallystick_add_module(${name}): ${argument} is missing")
    endif()
  endforeach()
  cmake_path(ABSOLUTE_PATH arg_IMPLEMENTATION BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE
             OUTPUT_VARIABLE TALLYSTICK_IMPLEMENTATION)
  set(TALLYSTICK_MODULE "${name}")
  set(TALLYSTICK_NAMESPACE "${arg_NAMESPACE}")
  get_target_property(TALLYSTICK_INTERFACE ${arg_INTERFACE} TALLYSTICK_INTERFACE)
  string(TOUPPER "${TALLYSTICK_INTERFACE}" TALLYSTICK_INTERFACE_UPPER)
  set(glue "${CMAKE_CURRENT_BINARY_DIR}/${name}.module.cpp")
  set(map "${CMAKE_CURRENT_BINARY_DIR}/${name}.map")
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/module.cpp.in" "${glue}" @ONLY)
  configure_file("${CMAKE_CURRENT_FUNCTION_LIST_DIR}/module.map.in" "${map}" @ONLY)

  add_library(${name} SHARED "${glue}" ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE tallystick::runtime ${arg_INTERFACE} INTERFACE tallystick::host)
  target_include_directories(${name} INTERFACE $<TARGET_PROPERTY:${arg_INTERFACE},INTERFACE_INCLUDE_DIRECTORIES>)
  add_dependencies(${name} ${arg_INTERFACE}_generated)
  set_target_properties(${name} PROPERTIES
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    PREFIX "")
  # Unique symbols would keep the module mapped after its unload.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>)
  endif()
  target_link_options(${name} PRIVATE "-Wl,--version-script=${map}")
endfunction()
