// The C signature of each function: what the header declares, the table points to and the glue defines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/model/functions.hpp"

namespace tally::generator::c {

/// One C parameter. A parameter of the description may need two: text and bytes come with their size.
struct CParameter {
  std::string type;  ///< ends in " *" or in a word: "const uint8_t *", "int32_t"
  std::string name;
  const model::Parameter* of = nullptr;  ///< null for self, owner, out, error and the like
};

struct Signature {
  std::string returns;  ///< like CParameter::type
  std::vector<CParameter> parameters;
};

Signature signature(const model::Interface&, const model::Function&);

/// What the caller supplies: the function of a callback, or a method of a class that the host implements.
/// Begins with the user data.
Signature signature(const model::Interface&, const model::Callback&);
Signature host_signature(const model::Interface&, const model::Method&);

/// "type name" with the star where C writers put it.
std::string declare(std::string_view type, std::string_view name);

/// "int32_t level", "tally_error *error"; "void" for none.
std::vector<std::string> parameter_list(const Signature&);

/// The C type of a scalar or an enum.
std::string value_type(const model::Interface&, const model::Type&);

}  // namespace tally::generator::c
