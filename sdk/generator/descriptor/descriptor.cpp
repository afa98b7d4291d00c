// See descriptor.hpp.
#include "generator/descriptor/descriptor.hpp"

#include "generator/backends/c/naming.hpp"
#include "generator/backends/comment.hpp"
#include "generator/model/meaning.hpp"

namespace tally::generator {

using Json = nlohmann::ordered_json;
using namespace model;

namespace {

void put_doc(Json& object, const std::string& doc) {
  if (!doc.empty()) object["doc"] = doc;
}

Json documented(const std::string& doc, Version since) {
  Json object = Json::object();
  put_doc(object, doc);
  object["since"] = c::version_text(since);
  return object;
}

Json parameters(const Interface& interface, const std::vector<Parameter>& all) {
  Json in = Json::object();
  for (const Parameter& parameter : all) {
    std::string type = type_text(interface, parameter.type, parameter.passing);
    if (parameter.default_value) type += " = " + default_text(interface, parameter);
    in[parameter.name] = {{"type", type}};
    put_doc(in[parameter.name], parameter.doc);
  }
  return in;
}

Json creators(const Interface& interface, const Class& owner, bool is_create) {
  Json all = Json::object();
  for (const Creator& creator : owner.creators) {
    if ((creator.name == "create") != is_create) continue;
    all[creator.name] = documented(creator.doc, creator.since);
    all[creator.name]["in"] = parameters(interface, creator.parameters);
  }
  return all;
}

Json methods(const Interface& interface, const Class& owner) {
  Json all = Json::object();
  for (const Method& method : owner.methods) {
    Json& one = all[method.name] = documented(method.doc, method.since);
    one["self"] = method.consumes_self ? "own" : "borrow";
    one["in"] = parameters(interface, method.parameters);
    if (!method.result) continue;
    one["out"] = {{"type", type_text(interface, method.result->type, method.result->passing)}};
    put_doc(one["out"], method.result->doc);
  }
  return all;
}

Json classes(const Interface& interface) {
  Json all = Json::object();
  for (const Class& owner : interface.classes) {
    Json& one = all[owner.name] = documented(owner.doc, owner.since);
    one["threads"] = "confined";
    const Json create = creators(interface, owner, true);
    if (!create.empty()) one["create"] = create["create"];
    one["creators"] = creators(interface, owner, false);
    one["methods"] = methods(interface, owner);
  }
  return all;
}

Json enums(const Interface& interface) {
  Json all = Json::object();
  for (const Enum& type : interface.enums) {
    Json& one = all[type.name] = documented(type.doc, type.since);
    for (const EnumValue& value : type.values) {
      one["values"][value.name] = documented(value.doc, value.since);
      one["values"][value.name]["value"] = value.value;
    }
  }
  return all;
}

}  // namespace

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

Json plain_description(const Interface& interface) {
  Json description = {{"interface", interface.name}, {"version", c::version_text(interface.version)}};
  put_doc(description, interface.doc);
  description["errors"] = Json::object();
  for (const Error& error : interface.errors)
    description["errors"][error.name] = documented(error.doc, error.since);
  description["enums"] = enums(interface);
  description["classes"] = classes(interface);
  return description;
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
