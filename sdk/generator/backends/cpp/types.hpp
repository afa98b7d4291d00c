// How values cross between C++ and C, in both directions: into calls, out of them, and in the calls that come
// back, to callbacks and to objects of the host.
#pragma once

#include <string>
#include <vector>

#include "generator/model/functions.hpp"

namespace tally::generator::cpp {

bool is_memory(const model::Type&);
const model::Class& class_of(const model::Interface&, const model::Type&);

/// What a call is for its caller: "void", "tally::Blob", "tally::View", "Encoder", "std::int32_t".
std::string result_type(const model::Interface&, const model::Result*);

/// What a C function is given for a parameter: "chunk.data(), chunk.size()", "tally::give(model)".
std::string argument(const model::Interface&, const model::Parameter&);

/// Where a C function writes its result, and what becomes of it.
struct Out {
  std::string declaration;  ///< "tally::Blob out_;"
  std::string argument;     ///< "out_.receive()"
  std::string value;        ///< "out_"
};
/// `api` is the expression for the table of the module that the result is of.
Out out(const model::Interface&, const model::Result&, const std::string& api);

/// A parameter of a function that a module calls: like a wrapper's, but what is given is there to be kept:
/// "Image picture".
std::string incoming_parameter(const model::Interface&, const model::Parameter&);
std::vector<std::string> incoming_parameters(const model::Interface&, const std::vector<model::Parameter>&);

/// The same value, made of the C parameters: "std::string_view(label, label_size)". Objects are called
/// through the table `api`.
std::string incoming_argument(const model::Interface&, const model::Parameter&, const std::string& api);

}  // namespace tally::generator::cpp
