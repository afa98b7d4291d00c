// The description in its plainest form. Whatever may be left out is there, also what lowering has inferred,
// so that it means the same to a later release that infers otherwise. Arrays stand where the description has
// them: at the class of their elements.
#include <algorithm>

#include "generator/backends/c/naming.hpp"
#include "generator/backends/comment.hpp"
#include "generator/descriptor/descriptor.hpp"
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

void put_result(const Interface& interface, Json& function, const std::optional<Result>& result) {
  if (!result) return;
  function["out"] = {{"type", type_text(interface, result->type, result->passing)}};
  put_doc(function["out"], result->doc);
}

Json creators(const Interface& interface, const Class& owner, bool is_create) {
  Json all = Json::object();
  for (const Creator& creator : owner.creators) {
    if ((creator.name == "create") != is_create) continue;
    Json& one = all[creator.name] = documented(creator.doc, creator.since);
    one["in"] = parameters(interface, creator.parameters);
    one["reenters"] = creator.reenters;
  }
  return all;
}

Json methods(const Interface& interface, const Class& owner) {
  Json all = Json::object();
  for (const Method& method : owner.methods) {
    Json& one = all[method.name] = documented(method.doc, method.since);
    one["self"] = method.consumes_self ? "own" : "borrow";
    one["in"] = parameters(interface, method.parameters);
    put_result(interface, one, method.result);
    if (owner.kind == ClassKind::host) continue;
    if (!method.consumes_self) one["invalidates"] = method.invalidates;
    one["reenters"] = method.reenters;
    one["realtime"] = method.is_realtime;
  }
  return all;
}

Json arrays(const Interface& interface, const Class& owner) {
  const auto index = static_cast<std::size_t>(&owner - interface.classes.data());
  const auto array = std::ranges::find_if(interface.classes, [&](const Class& each) {
    return each.kind == ClassKind::array && each.element == index;
  });
  return array == interface.classes.end() ? Json(false) : documented(array->doc, array->since);
}

void put_kind(const Interface& interface, Json& one, const Class& owner) {
  one["implemented_by"] = owner.kind == ClassKind::host ? "host" : "module";
  one["counted"] = owner.kind == ClassKind::counted;
  one["arrays"] = arrays(interface, owner);
  if (!owner.parent) return;
  one["parent"] = interface.classes[owner.parent->index].name;
  one["parent_ends"] = owner.parent->ends == ParentEnds::keep ? "keep" : "cascade";
}

Json classes(const Interface& interface) {
  Json all = Json::object();
  for (const Class& owner : interface.classes) {
    if (owner.kind == ClassKind::array) continue;
    Json& one = all[owner.name] = documented(owner.doc, owner.since);
    one["threads"] = thread_rule_name(owner.threads);
    put_kind(interface, one, owner);
    const Json create = creators(interface, owner, true);
    if (!create.empty()) one["create"] = create["create"];
    one["creators"] = creators(interface, owner, false);
    one["methods"] = methods(interface, owner);
  }
  return all;
}

Json callbacks(const Interface& interface) {
  Json all = Json::object();
  for (const Callback& callback : interface.callbacks) {
    Json& one = all[callback.name] = documented(callback.doc, callback.since);
    one["in"] = parameters(interface, callback.parameters);
    put_result(interface, one, callback.result);
  }
  return all;
}

Json functions(const Interface& interface) {
  Json all = Json::object();
  for (const StaticFunction& function : interface.functions) {
    Json& one = all[function.name] = documented(function.doc, function.since);
    one["in"] = parameters(interface, function.parameters);
    put_result(interface, one, function.result);
    one["reenters"] = function.reenters;
    one["realtime"] = function.is_realtime;
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

Json plain_description(const Interface& interface) {
  Json description = {{"interface", interface.name}, {"version", c::version_text(interface.version)}};
  put_doc(description, interface.doc);
  description["errors"] = Json::object();
  for (const Error& error : interface.errors)
    description["errors"][error.name] = documented(error.doc, error.since);
  description["enums"] = enums(interface);
  description["callbacks"] = callbacks(interface);
  description["functions"] = functions(interface);
  description["classes"] = classes(interface);
  return description;
}

}  // namespace tally::generator
