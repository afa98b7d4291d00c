// What a backend is: a function from the model to files, and the list of names it will take in its target.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generator/model/interface.hpp"

namespace tally::generator {

/// One generated file.
struct Artefact {
  std::string path;  ///< relative to the output folder, with '/'
  std::string text;
};

/// The path of symbols that are in every interface, whatever its parts are.
inline constexpr std::string_view kOfInterface = "interface";

/// A name that a backend generates. Two symbols with one scope and one name can't both be generated.
struct Symbol {
  std::string
      scope;  ///< "" is the target's global scope; else e.g. the C++ class or the parameter list it stands in
  std::string name;
  std::string path;  ///< what it is made from, as in diagnostics: "classes.encoder.methods.write"
};

struct Backend {
  std::string_view language;  ///< what `--lang` calls it; several backends may serve one language
  std::string_view summary;   ///< for `--help`
  std::vector<Artefact> (*generate)(const model::Interface&);
  std::vector<Symbol> (*symbols)(const model::Interface&);
};

/// All backends, in the order in which they run.
std::span<const Backend> backends();

}  // namespace tally::generator
