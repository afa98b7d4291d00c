// Types of parameters and results: which type a name means, and who owns what is passed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/lower/complaints.hpp"
#include "generator/lower/defaults.hpp"
#include "generator/lower/type_text.hpp"
#include "generator/model/interface.hpp"

namespace tally::generator {

/// Every type that a description can name.
class TypeTable {
 public:
  struct Entry {
    std::string name;
    model::Type type;
    std::optional<model::Version> since;  ///< of enums, callbacks and classes
  };

  TypeTable();

  /// An enum, a callback or a class. A second one of the same name is not found by it.
  void add(Entry entry) { entries_.push_back(std::move(entry)); }

  /// A name that is known to be written in the file, but can't be made a type of. References to it are passed
  /// over.
  void add_unusable(std::string name) { unusable_.push_back(std::move(name)); }

  /// A class that is made of another one, and which functions can't be passed: its name is known, and no
  /// more.
  void add_array(std::string name) { arrays_.push_back(std::move(name)); }
  bool is_array(std::string_view name) const;

  /// There may be more names than are known: unknown ones are passed over.
  void mark_incomplete() { is_incomplete_ = true; }

  const Entry* find(std::string_view name) const;
  bool may_exist(std::string_view name) const;

  /// Of everything that can stand alone or behind `own`, `borrow` and `view`; or of the callbacks.
  std::vector<std::string> names() const;
  std::vector<std::string> callback_names() const;

 private:
  std::vector<Entry> entries_;
  std::vector<std::string> unusable_;
  std::vector<std::string> arrays_;
  bool is_incomplete_ = false;
};

/// Where a type stands: what may be passed, and how, depends on who calls whom.
enum class Role {
  parameter,          ///< of a creator, a method or a function
  result,             ///< of a method
  function_result,    ///< of a function that has no object
  host_parameter,     ///< of a callback, or of a method that the host implements
  callback_result,    ///< of a callback
  host_method_result  ///< of a method that the host implements
};

inline bool is_result(Role role) {
  return role != Role::parameter && role != Role::host_parameter;
}

struct ResolvedType {
  model::Type type;
  model::Passing passing = model::Passing::value;
  std::optional<model::Default> default_value;
};

class TypeResolver {
 public:
  TypeResolver(const TypeTable& types, const std::vector<model::Enum>& enums, Complaints& complaints)
      : types_(types), enums_(enums), complaints_(complaints) {}

  /// The type that the text of `node` means for a parameter or result of something that exists since `since`.
  /// None, with the reason reported, if it means none.
  std::optional<ResolvedType> resolve(const Node& node, Role role, model::Version since) const;

 private:
  const TypeTable::Entry* find_type(const Node& node, const TypeText& text) const;
  void complain_of_unknown(const Node& node, const TypeText& text) const;
  bool check_word_count(const Node& node, const TypeText& text) const;
  void complain_of_unknown_callback(const Node& node, const Word& name) const;
  bool check_since(const Node& node, const TypeText& text, const TypeTable::Entry& entry,
                   model::Version since) const;
  std::optional<model::Passing> passing(const Node& node, const TypeText& text, const model::Type& type,
                                        Role role) const;
  std::optional<model::Default> default_value(const Node& node, const TypeText& text,
                                              const ResolvedType& resolved, Role role,
                                              model::Version since) const;

  const TypeTable& types_;
  const std::vector<model::Enum>& enums_;
  Complaints& complaints_;
};

}  // namespace tally::generator
