// See descriptor.hpp.
#include "generator/descriptor/descriptor.hpp"

#include "generator/backends/c/naming.hpp"
#include "generator/model/meaning.hpp"

namespace tally::generator {

using Json = nlohmann::ordered_json;
using namespace model;

Json function_list(const Interface& interface) {
  Json list = Json::array();
  for (const Function& function : functions_in_table_order(interface)) {
    const std::string text = meaning(interface, function);
    list.push_back({{"name", qualified_name(function)},
                    {"since", c::version_text(function.since)},
                    {"hash", hash_text(hash(text))},
                    {"meaning", text}});
  }
  return list;
}

std::string descriptor_text(const Interface& interface) {
  const Json descriptor = {{"tallystick", 1},
                           {"interface", interface.name},
                           {"version", c::version_text(interface.version)},
                           {"functions", function_list(interface)},
                           {"description", plain_description(interface)}};
  // The glue has it as a raw string that ends in )tallystick: that must not stand in it. An escape means the
  // same.
  std::string text = descriptor.dump(1);
  for (std::size_t at = 0; (at = text.find(")tallystick", at)) != std::string::npos;)
    text.replace(at, 2, ")\\u0074");
  return text;
}

}  // namespace tally::generator
