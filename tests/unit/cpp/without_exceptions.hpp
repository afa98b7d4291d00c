// What without_exceptions.cpp, which is compiled with -fno-exceptions and -fno-rtti, found.
#pragma once

#include <string>

namespace without_exceptions {

/// "" or what was not as it has to be.
std::string a_success_has_its_value();
std::string a_failure_has_its_error();
std::string a_callback_returns_its_error();
std::string an_object_of_the_hosts_is_called();

}  // namespace without_exceptions
