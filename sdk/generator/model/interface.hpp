// The typed model of one interface: what a description means once it is known to be right.
//
// Lowering (lower.hpp) makes it; backends read it and compute nothing of meaning themselves. What a
// description may not say can't be written down here: every class a type names exists, every default has its
// parameter's type, every `since` is at most the interface's version.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tally::generator::model {

/// A two-part version. Minors of one major are compatible, newer with older.
struct Version {
  std::uint16_t major = 0;
  std::uint16_t minor = 0;
  auto operator<=>(const Version&) const = default;
};

enum class Scalar { boolean, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64 };

struct Text {};   ///< UTF-8, with a length
struct Bytes {};  ///< memory without a meaning of its own
struct EnumType {
  std::size_t index;
};  ///< into Interface::enums
struct ClassType {
  std::size_t index;
};  ///< into Interface::classes

using Type = std::variant<Scalar, EnumType, Text, Bytes, ClassType>;

/// How a value is passed. Scalars and enums go by value; text, bytes and objects are borrowed for the call or
/// owned.
enum class Passing { value, borrow, own };

/// A default value, already of its parameter's type. Text is unescaped UTF-8; an enum's is an index into its
/// values.
struct EnumDefault {
  std::size_t value;
};
using Default = std::variant<bool, std::int64_t, std::uint64_t, double, std::string, EnumDefault>;

struct Parameter {
  std::string name;
  std::string doc;
  Type type;
  Passing passing = Passing::value;
  std::optional<Default> default_value;  ///< only the last parameters have one, without a gap
};

/// What a method returns. Memory and objects in a result are always owned by the caller.
struct Result {
  std::string doc;
  Type type;
  Passing passing = Passing::value;
};

struct Creator {
  std::string name;  ///< "create", or the name it has under "creators"
  std::string doc;
  Version since;
  std::vector<Parameter> parameters;
};

struct Method {
  std::string name;
  std::string doc;
  Version since;
  bool consumes_self =
      false;  ///< "self": "own": a call that succeeds takes the object, one that fails leaves it
  std::vector<Parameter> parameters;
  std::optional<Result> result;
};

/// Which threads may use an object of a class.
enum class Threads { confined };  ///< confined: only the thread that created it

struct Class {
  std::string name;
  std::string doc;
  Version since;
  Threads threads = Threads::confined;
  std::vector<Creator> creators;
  std::vector<Method> methods;
};

struct EnumValue {
  std::string name;
  std::string doc;
  Version since;
  std::int32_t value = 0;
};

struct Enum {
  std::string name;
  std::string doc;
  Version since;
  std::vector<EnumValue> values;
};

/// One of the interface's own errors.
struct Error {
  std::string name;
  std::string doc;
  Version since;
  std::int32_t status =
      0;  ///< TALLY_STATUS_FIRST_OF_INTERFACE or below; by `since`, then by order, so that it never moves
};

struct Interface {
  std::string name;
  std::string doc;
  Version version;
  std::vector<Error> errors;
  std::vector<Enum> enums;
  std::vector<Class> classes;
};

}  // namespace tally::generator::model
