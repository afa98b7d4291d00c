// What a target language has to be able to do to run the table. One class derives from this for each language
// that is reached from C++; Python has a reader of its own.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "table.hpp"
#include "tally/module.h"

namespace conformance_table {

/// What one operation came to, on the thread that it ran on.
struct Outcome {
  tally_status status = TALLY_OK;
  std::string text;                     ///< of a failure, as the language tells it
  Json value;                           ///< a result that is not kept in a variable; null if there is none
  std::vector<std::string> complaints;  ///< what was wrong beside: an out parameter that was not zeroed
  bool is_languages = false;            ///< the language itself is out of memory, and says it in its own way
};

/// What a callback, or a method of an object of the host's, does when it is called, and what it was told.
struct Script {
  std::function<void()> steps;
  std::string given;              ///< the variable that takes the object that it is lent or given
  Json out = 0;                   ///< what it answers
  tally_status fails = TALLY_OK;  ///< what it fails with, after its steps
  std::string returns{};          ///< the variable whose blob it answers with, in place of `out`
  bool is_silent = false;         ///< it leaves no text, where the language lets it
  Json heard = Json::array();     ///< the numbers that it was called with
  int called = 0;
  int released = 0;  ///< how often it was let go of, or how many of the host's objects have ended
};

/// A call, its arguments in order; those of a class type name variables, callbacks name scripts.
struct Invocation {
  const Function* function = nullptr;
  std::string module;  ///< a creator's or a function's; a method's through another than the object's
  std::string self;    ///< a method's
  std::vector<Json> arguments;
  std::string result;        ///< the variable that takes an object or a blob; empty: it is given back at once
  bool without_out = false;  ///< the pointer for the result is null
  bool without_error = false;  ///< the pointer for a creator's error is null
};

/// The step can't be said in this language: the case must name the compile-fail test that shows it.
struct Inexpressible : std::logic_error {
  using logic_error::logic_error;
};

class Language {
 public:
  virtual ~Language() = default;

  virtual std::string name() const = 0;

  virtual Outcome load(const std::string& module) = 0;
  virtual Outcome unload(const std::string& module) = 0;

  virtual Outcome create(const Invocation& call) = 0;
  virtual Outcome call(const Invocation& call) = 0;
  /// With the destroy function of another class or through another module if they are named.
  virtual Outcome destroy(const std::string& what, const std::string& class_name,
                          const std::string& module) = 0;
  virtual Outcome try_destroy(const std::string& what) = 0;
  virtual Outcome free(const std::string& blob) = 0;
  virtual Outcome resize(const std::string& blob, std::uint64_t size) = 0;
  virtual Outcome close(const std::string& view) = 0;
  virtual Outcome ref(const std::string& of, const std::string& as) = 0;
  virtual Outcome retain(const std::string& of, const std::string& as) = 0;
  virtual Outcome size(const std::string& array) = 0;
  virtual Outcome at(const std::string& array, std::uint64_t index, const std::string& as) = 0;
  /// An object of the host's. `as` names the script that is told of its end, and before a dot those of its
  /// methods; it has no others. Without methods the pointer to them is null.
  virtual Outcome host(const std::string& module, const std::string& as, bool without_methods) = 0;
  /// Whether a callback that a call did not take is released by the language, and not left to the caller.
  virtual bool releases_what_was_refused() const = 0;

  // Variables without a call.
  virtual void copy(const std::string& what, const std::string& as) = 0;
  virtual void cast(const std::string& what, const std::string& to, const std::string& as) = 0;
  virtual void make_up(std::uint64_t word, const std::string& class_name, const std::string& as) = 0;
  virtual void change(const std::string& what, std::uint64_t flip, const std::string& as) = 0;
  virtual bool same(const std::string& a, const std::string& b) = 0;
  virtual bool same_key(const std::string& a, const std::string& b) = 0;
  virtual bool is_empty(const std::string& what) = 0;
  /// Of a blob or a view.
  virtual Json content(const std::string& memory) = 0;
  virtual void fill(const std::string& blob, const std::string& text) = 0;

  /// The variables of a class that can be asked for their value, and what they answer: null if they can't be
  /// called.
  virtual std::vector<std::string> variables(const std::string& class_name) = 0;
  virtual std::optional<std::int64_t> peek(const std::string& what) = 0;

  /// Gives back what variables still own.
  virtual void clean_up() = 0;

  void learn(const std::string& name, Script& script) { scripts_[name] = &script; }

 protected:
  Script* script(const std::string& name) const {
    const auto found = scripts_.find(name);
    return found == scripts_.end() ? nullptr : found->second;
  }

 private:
  std::map<std::string, Script*> scripts_;
};

/// Each runner defines its own.
std::unique_ptr<Language> make_language(const Description& description);

/// The file of a module, by its name in the table: "one" or "two".
std::string module_file(const std::string& module);
/// What modules are loaded with; null for nothing. Each program defines its own.
const tally_module_options* module_options();

}  // namespace conformance_table
