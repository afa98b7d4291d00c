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
struct CallbackType {
  std::size_t index;
};  ///< into Interface::callbacks

using Type = std::variant<Scalar, EnumType, Text, Bytes, ClassType, CallbackType>;

/// How a value is passed.
///
/// - value: scalars and enums.
/// - borrow: text, bytes and objects, for the length of the call; as a result, an object's handle.
/// - own: the token goes along: objects; text and bytes as a blob; callbacks, with their release.
/// - view: text and bytes in a result, which stay inside the object and readable until the view is closed.
enum class Passing { value, borrow, own, view };

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

struct Result {
  std::string doc;
  Type type;
  Passing passing = Passing::value;
};

/// Where the parent of a new object of a class that has a parent is found.
struct ParentSource {
  enum class Kind {
    self,            ///< the method's own object
    parent_of_self,  ///< the method's object is a sibling
    parameter,       ///< a borrowed parameter
  };
  Kind kind = Kind::self;
  std::size_t parameter = 0;  ///< index, for Kind::parameter
};

struct Creator {
  std::string name;  ///< "create", or the name it has under "creators"
  std::string doc;
  Version since;
  std::vector<Parameter> parameters;
  std::optional<ParentSource> parent = {};  ///< exactly if the class has a parent
  bool reenters = false;                    ///< the call can come back into the module before it ends
};

struct Method {
  std::string name;
  std::string doc;
  Version since;
  bool consumes_self =
      false;  ///< "self": "own": a call that succeeds takes the object, one that fails leaves it
  std::vector<Parameter> parameters;
  std::optional<Result> result;
  std::optional<ParentSource> parent = {};  ///< exactly if the result is an owned object that has a parent
  bool invalidates = false;                 ///< refused (BORROWED) while a view of the object is open
  bool reenters = false;                    ///< like Creator::reenters
  bool is_realtime = false;  ///< allocates nothing, waits for nothing, asks nothing of the system
};

/// A function that needs no object.
struct StaticFunction {
  std::string name;
  std::string doc;
  Version since;
  std::vector<Parameter> parameters;
  std::optional<Result> result;
  std::optional<ParentSource> parent = {};  ///< like Method::parent; always a parameter
  bool reenters = false;
  bool is_realtime = false;  ///< like Method::is_realtime
};

/// A function of the caller's, which a module keeps and calls: function, user data, release.
struct Callback {
  std::string name;
  std::string doc;
  Version since;
  std::vector<Parameter> parameters;  ///< values; text and bytes borrowed; objects borrowed or owned
  std::optional<Result> result;       ///< a value
};

/// Which threads may use an object of a class.
enum class Threads {
  confined,     ///< only the one that created it
  exclusive,    ///< any, one at a time
  shared,       ///< any number at once
  with_parent,  ///< any, one at a time among its parent and all of that one's children
};

/// How objects of a class are made and given back.
enum class ClassKind {
  single,   ///< one owner: destroy
  counted,  ///< any number of references, each with its own token: retain, release
  array,    ///< made of a class that has "arrays": many objects with one token, each called by handle
  host,     ///< the host implements it and gives objects to the module
};

/// What a parent's end does to children that live.
enum class ParentEnds {
  keep,     ///< the parent's destructor waits for the last of them
  cascade,  ///< they end first; their tokens are GONE_WITH_PARENT
};

struct Parent {
  std::size_t index;  ///< into Interface::classes
  ParentEnds ends = ParentEnds::keep;
};

struct Class {
  std::string name;
  std::string doc;
  Version since;
  Threads threads = Threads::confined;
  std::vector<Creator> creators;
  std::vector<Method> methods;
  ClassKind kind = ClassKind::single;
  std::optional<Parent> parent = {};
  std::size_t element = 0;     ///< of an array: index of the class of its elements
  bool has_views = false;      ///< a method returns a view
  bool has_children = false;   ///< it is the parent of a class
  bool can_be_inside = false;  ///< some method reenters, so that calls have to leave a mark on the object

  /// Whether several threads may use an object.
  bool is_shareable() const { return threads != Threads::confined; }
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
  std::vector<Callback> callbacks;
  std::vector<StaticFunction> functions;
  std::vector<Class> classes;  ///< those of the description, each followed by its array if it has one
};

}  // namespace tally::generator::model
