# What a project that uses Tallystick calls from CMake: an interface from a description, a module from an author's classes.

# tallystick_check_arguments(CALL KNOWN): of what cmake_parse_arguments has left in the caller's arg_: an argument that CALL
# does not know is a mistake. KNOWN is what could have been meant.
function(tallystick_check_arguments call known)
  if(DEFINED arg_UNPARSED_ARGUMENTS)
    list(JOIN arg_UNPARSED_ARGUMENTS " " unknown)
    message(FATAL_ERROR "${call}: does not know what to do with: ${unknown}\nIt takes ${known}")
  endif()
endfunction()

# tallystick_check_name(CALL NAME): no target is called NAME yet.
function(tallystick_check_name call name)
  if(TARGET ${name})
    message(FATAL_ERROR "${call}: there is a target ${name} already; give one of them another name (an interface can have any "
                        "with INTERFACE)")
  endif()
endfunction()

# tallystick_check_file(CALL WHAT FILE): FILE is there, or one that is only made by the build.
function(tallystick_check_file call what file)
  if(EXISTS "${file}")
    return()
  endif()
  get_source_file_property(is_generated "${file}" GENERATED)
  cmake_path(IS_PREFIX CMAKE_BINARY_DIR "${file}" is_of_the_build)
  if(NOT is_generated AND (NOT is_of_the_build OR CMAKE_BINARY_DIR STREQUAL CMAKE_SOURCE_DIR))
    message(FATAL_ERROR "${call}: the ${what} is not there: ${file}")
  endif()
endfunction()

# tallystick_check_interface(CALL TARGET): TARGET is one that tallystick_add_interface has made.
function(tallystick_check_interface call target)
  set(interface FALSE)
  if(TARGET ${target})
    get_target_property(interface ${target} TALLYSTICK_INTERFACE)
  endif()
  if(NOT interface)
    message(FATAL_ERROR "${call}: INTERFACE ${target} is no target that tallystick_add_interface has made")
  endif()
endfunction()

# tallystick_check_description(CALL FILE INTERFACE): FILE is there, and the interface in it is called INTERFACE: the generated
# files have its name. One that is only made by the build can't be looked at yet, and every other mistake in it is for the
# generator to name.
function(tallystick_check_description call file interface)
  tallystick_check_file("${call}" description "${file}")
  if(NOT EXISTS "${file}")
    return()
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  file(READ "${file}" text)
  string(JSON found ERROR_VARIABLE error GET "${text}" interface)
  if(NOT error AND found MATCHES "^[a-z][a-z0-9_]*$" AND NOT found STREQUAL interface)
    message(FATAL_ERROR "${call}: the interface in ${file} is called ${found}, not ${interface}: give the target that name, "
                        "or add INTERFACE ${found}")
  endif()
endfunction()

# tallystick_add_interface(NAME DESCRIPTION FILE [INTERFACE INTERFACE_NAME])
#
# Makes the interface library NAME: the headers that `tallystick gen` writes for FILE, on the include path, and what
# they need. They are made again when the description or the generator changes. INTERFACE_NAME is the interface's name,
# where the target is to have another (a project with two versions of one interface).
function(tallystick_add_interface name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "DESCRIPTION;INTERFACE" "")
  set(call "tallystick_add_interface(${name})")
  tallystick_check_arguments("${call}" "NAME DESCRIPTION FILE [INTERFACE INTERFACE_NAME]")
  tallystick_check_name("${call}" ${name})
  if(NOT arg_DESCRIPTION)
    message(FATAL_ERROR "${call}: DESCRIPTION, the JSON file, is missing")
  endif()
  cmake_path(ABSOLUTE_PATH arg_DESCRIPTION BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE OUTPUT_VARIABLE description)
  set(out "${CMAKE_CURRENT_BINARY_DIR}/${name}.generated")
  set(stamp "${CMAKE_CURRENT_BINARY_DIR}/${name}.generated.stamp")
  set(interface "${name}")
  if(arg_INTERFACE)
    set(interface "${arg_INTERFACE}")
  endif()
  tallystick_check_description("${call}" "${description}" "${interface}")
  set(prefix "${out}/${interface}")
  add_custom_command(
    OUTPUT "${stamp}"
    BYPRODUCTS "${prefix}.h" "${prefix}.hpp" "${prefix}_types.hpp" "${prefix}_glue.hpp" "${prefix}.md" "${prefix}.cfg"
      "${prefix}_python.cpp" "${prefix}_python.hpp" "${prefix}.pyi"
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
# Makes the module NAME.so: the author's plain classes, which HEADER declares in NAMESPACE (which can't be a name of the
# interface's C header: post_office, if the interface post has a class office), behind the C ABI of the
# interface that TARGET was made for. It can be loaded as a plugin; programs can also link it. NAME is what the module
# calls itself.
function(tallystick_add_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "INTERFACE;IMPLEMENTATION;NAMESPACE" "SOURCES")
  set(call "tallystick_add_module(${name})")
  tallystick_check_arguments("${call}" "NAME INTERFACE TARGET IMPLEMENTATION HEADER NAMESPACE NAMESPACE [SOURCES FILE...]")
  tallystick_check_name("${call}" ${name})
  foreach(argument IN ITEMS INTERFACE IMPLEMENTATION NAMESPACE)
    if(NOT arg_${argument})
      message(FATAL_ERROR "${call}: ${argument} is missing")
    endif()
  endforeach()
  tallystick_check_interface("${call}" "${arg_INTERFACE}")
  cmake_path(ABSOLUTE_PATH arg_IMPLEMENTATION BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE
             OUTPUT_VARIABLE TALLYSTICK_IMPLEMENTATION)
  tallystick_check_file("${call}" "implementation, a header," "${TALLYSTICK_IMPLEMENTATION}")
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
    LINK_DEPENDS "${map}"
    PREFIX "")
  # Unique symbols would keep the module mapped after its unload.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fno-gnu-unique>)
  endif()
  target_link_options(${name} PRIVATE "-Wl,--version-script=${map}")
endfunction()

# tallystick_find_python(): the Python that extension modules are built for, and pybind11's headers, once for a project.
# Sets TALLYSTICK_PYTHON_FOUND. Which Python: -DPython3_EXECUTABLE=..., or the system's where it has its headers, so that
# the tests and the extensions have one and the same.
macro(tallystick_find_python)
  if(NOT DEFINED Python3_EXECUTABLE AND DEFINED Python_EXECUTABLE)
    set(Python3_EXECUTABLE "${Python_EXECUTABLE}")
  endif()
  if(NOT DEFINED Python3_EXECUTABLE AND NOT SKBUILD AND EXISTS /usr/bin/python3-config)
    set(Python3_EXECUTABLE /usr/bin/python3 CACHE FILEPATH "The Python that extension modules are built for")
  endif()
  find_package(Python3 3.11 QUIET COMPONENTS Interpreter Development.Module)
  set(TALLYSTICK_PYTHON_FOUND FALSE)
  if(Python3_FOUND)
    find_package(pybind11 2.10 CONFIG QUIET)
    set(TALLYSTICK_PYTHON_FOUND ${pybind11_FOUND})
  endif()
endmacro()

# tallystick_make_extension(TARGET MODULE FOLDER): makes of a MODULE library the extension module MODULE in FOLDER.
function(tallystick_make_extension target module folder)
  target_link_libraries(${target} PRIVATE tallystick::host tallystick::python pybind11::headers Python3::Module)
  target_compile_features(${target} PRIVATE cxx_std_17)
  set_target_properties(${target} PROPERTIES
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON
    PREFIX ""
    OUTPUT_NAME "${module}"
    SUFFIX ".${Python3_SOABI}.so"
    LIBRARY_OUTPUT_DIRECTORY "${folder}")
endfunction()

# tallystick_add_python(NAME INTERFACE TARGET [OUTPUT FOLDER])
#
# Makes the Python extension module of the interface that TARGET was made for, under the interface's own name, and beside
# it its .pyi. FOLDER is ${CMAKE_LIBRARY_OUTPUT_DIRECTORY} if it is not given. The package `tallystick` must be importable
# where the module is used. Installed side by side with that package, it finds libtally.so.1 there.
function(tallystick_add_python name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "INTERFACE;OUTPUT" "")
  set(call "tallystick_add_python(${name})")
  tallystick_check_arguments("${call}" "NAME INTERFACE TARGET [OUTPUT FOLDER]")
  tallystick_check_name("${call}" ${name})
  if(NOT arg_INTERFACE)
    message(FATAL_ERROR "${call}: INTERFACE is missing")
  endif()
  tallystick_check_interface("${call}" "${arg_INTERFACE}")
  if(NOT TALLYSTICK_PYTHON_FOUND)
    tallystick_find_python()
    if(NOT TALLYSTICK_PYTHON_FOUND)
      message(FATAL_ERROR "${call}: Python 3.11 with its headers, or pybind11 2.10, was not found")
    endif()
  endif()
  set(folder "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}")
  if(arg_OUTPUT)
    set(folder "${arg_OUTPUT}")
  endif()
  get_target_property(interface ${arg_INTERFACE} TALLYSTICK_INTERFACE)
  get_target_property(generated ${arg_INTERFACE} INTERFACE_INCLUDE_DIRECTORIES)
  set(source "${generated}/${interface}_python.cpp")
  set_source_files_properties("${source}" PROPERTIES GENERATED TRUE)
  add_library(${name} MODULE "${source}")
  target_link_libraries(${name} PRIVATE ${arg_INTERFACE})
  add_dependencies(${name} ${arg_INTERFACE}_generated)
  if(TARGET tallystick_python_core)
    add_dependencies(${name} tallystick_python_core) # it is imported by it
  endif()
  tallystick_make_extension(${name} ${interface} "${folder}")
  set_target_properties(${name} PROPERTIES INSTALL_RPATH "$ORIGIN/tallystick/lib:$ORIGIN/../tallystick/lib")
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND "${CMAKE_COMMAND}" -E copy_if_different "${generated}/${interface}.pyi" "${folder}/${interface}.pyi"
    VERBATIM)
endfunction()
