// The table through the generated C++ wrapper: objects as variables, failures as exceptions. What the
// wrapper's types rule out can't be said here (Inexpressible), and the case names the compile-fail test that
// shows it.
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <variant>

#include "conformance.hpp"
#include "language.hpp"
#include "text.hpp"
#include "where.hpp"

namespace conformance_table {
namespace {

using conformance::Module;

#define CLASS(name, Name) conformance::Name, conformance::Name##Ref
#define COUNTED CLASS
#define ARRAY CLASS
using Variable = std::variant<
#include "classes.inc"
    tally::Blob, tally::View, std::monostate>;
#undef CLASS
#undef COUNTED
#undef ARRAY
using Variables = std::map<std::string, Variable>;

// An owner as the reference that it is, too.
template <class Ref, class Class>
Ref reference_to(const tally::TokenHolder<Ref, Class>& owner) {
  return owner;
}
template <class T>
concept Owner = requires(const T& object) {
  reference_to(object);
};
template <class T>
concept Counted = requires(T& object) {
  object.release();
};
template <class T>
concept Array = requires(const T& object) {
  object.at(0);
};
template <class T>
concept Object = requires(const T& object) {
  object.handle();
};

// --- From JSON to the arguments of a member function, one after the other

struct Frame {
  Variables& variables;
  const std::map<std::string, Module>& modules;
  const Invocation& call;
  std::function<Script&(const std::string& name)> script{};  // of a callback
  std::size_t next = 0;
  std::map<std::size_t, Text> texts{};

  const Json& take() { return call.arguments.at(next++); }
  const Text& take_text() { return texts[next] = Text(take()); }
  const Module& module() const { return modules.at(call.module); }
};

// The variable as a T: an owner is a reference too.
template <class T>
T& variable_as(Frame& frame, const Json& name) {
  Variable& variable = frame.variables.at(name.get<std::string>());
  T* const found = std::visit(
      [](auto& held) -> T* {
        if constexpr (std::is_base_of_v<T, std::remove_reference_t<decltype(held)>>) return &held;
        return nullptr;
      },
      variable);
  if (!found) throw Inexpressible(name.get<std::string>() + " is not of the parameter's type");
  return *found;
}

// --- Callbacks, and methods of the host's

// What a script is called with: numbers are heard, objects go to its variable.
template <class T>
void receive(Variables& variables, Script& script, T given) {
  if constexpr (std::is_arithmetic_v<T>) {
    script.heard.push_back(given);
  } else if (!script.given.empty()) {
    variables.erase(script.given);
    variables.emplace(script.given, std::move(given));
  }
}

// Throws as an author of the host's would.
inline void throw_as_told(tally_status status) {
  const char* const text = "told to fail";
  if (status == TALLY_OK) return;
  if (status == CONFORMANCE_ERROR_REFUSED) throw conformance::Refused(text);
  if (status == CONFORMANCE_ERROR_EMPTY) throw conformance::Empty(text);
  if (status == TALLY_EXCEPTION) throw std::runtime_error(text);
  throw tally::Error(status, text);
}

template <class... Given>
void play(Variables& variables, Script& script, Given... given) {
  const Here here(Where::test);
  ++script.called;
  (receive(variables, script, std::move(given)), ...);
  script.steps();
  throw_as_told(script.fails);
}

template <class T>
constexpr bool is_function = false;
template <class Result, class... Given>
constexpr bool is_function<std::function<Result(Given...)>> = true;

// The last copy that ends releases the callback.
template <class Result, class... Given>
void make_callback(std::function<Result(Given...)>& made, Variables& variables, Script& script) {
  const std::shared_ptr<Script> held(&script, [](Script* ended) { ++ended->released; });
  made = [&variables, held](Given... given) -> Result {
    play(variables, *held, std::move(given)...);
    return held->out.template get<std::int64_t>();
  };
}

class Valve : public conformance::ValveMethods {
 public:
  using Scripts = std::map<std::string, Script*>;  // "" is told of its end
  Valve(Variables& variables, const Module& module, Scripts scripts)
      : variables_(variables), module_(module), scripts_(std::move(scripts)) {}
  ~Valve() override { ++scripts_.at("")->released; }

  std::int64_t turn(std::int64_t by) override { return answer("turn", by); }
  std::int64_t hold(conformance::CounterRef what) override { return answer("hold", what); }
  std::int64_t swallow(conformance::Counter what) override { return answer("swallow", std::move(what)); }
  tally::Blob label() override {
    play(variables_, *scripts_.at("label"));
    if (const std::string& returned = scripts_.at("label")->returns; !returned.empty())
      return std::move(std::get<tally::Blob>(variables_.at(returned)));
    const std::string text = Text(scripts_.at("label")->out).bytes;
    tally::Blob blob = in_tallystick([&] { return conformance::allocate(module_, text.size()); });
    std::copy(text.begin(), text.end(), blob.data());
    return blob;
  }
  void seal() override { play(variables_, *scripts_.at("seal")); }

 private:
  template <class Given>
  std::int64_t answer(const std::string& method, Given given) {
    Script& script = *scripts_.at(method);
    play(variables_, script, std::move(given));
    return script.out;
  }

  Variables& variables_;
  const Module& module_;
  Scripts scripts_;
};

template <class P>
P take(Frame& frame) {
  using Value = std::remove_cvref_t<P>;
  if constexpr (std::is_same_v<Value, Module>) {
    return frame.module();
  } else if constexpr (is_function<Value>) {
    Value made;
    if (const Json& name = frame.take(); !name.is_null())
      make_callback(made, frame.variables, frame.script(name.get<std::string>()));
    return made;
  } else if constexpr (std::is_same_v<Value, std::string_view>) {
    const Text& text = frame.take_text();
    return text.is_null ? std::string_view(nullptr, text.size)
                        : std::string_view(text.bytes.data(), text.size);
  } else if constexpr (std::is_same_v<Value, tally::Bytes>) {
    const Text& text = frame.take_text();
    return tally::Bytes(text.is_null ? static_cast<const void*>(nullptr) : text.bytes.data(), text.size);
  } else if constexpr (std::is_enum_v<Value>) {
    return static_cast<Value>(frame.take().template get<std::int32_t>());
  } else if constexpr (std::is_arithmetic_v<Value>) {
    return frame.take().template get<Value>();
  } else if constexpr (std::is_rvalue_reference_v<P>) {
    if (frame.call.arguments[frame.next].is_null()) throw Inexpressible("a null pointer to an owner");
    return std::move(variable_as<Value>(frame, frame.take()));
  } else {
    const Json& name = frame.take();
    if (name.is_null()) return Value(frame.modules.at("one").api(), nullptr);
    return variable_as<Value>(frame, name);
  }
}

// --- The functions

using Call = std::function<Outcome(Frame& frame)>;

// A result goes to its variable, or is given back; the value is what is compared.
template <class T>
Outcome keep(Frame& frame, T result) {
  Outcome outcome;
  if constexpr (std::is_same_v<T, tally::Blob>) {
    const bool is_text = frame.call.function->result == "string";
    if (is_text && result.data()[result.size()] != 0) outcome.complaints.push_back("no NUL ends the text");
    outcome.value = is_text ? Json(std::string(result.text())) : hex_of(result.data(), result.size());
  } else if constexpr (std::is_same_v<T, tally::View>) {
    outcome.value = std::string(result.text());
  } else if constexpr (std::is_enum_v<T>) {
    outcome.value = static_cast<std::int32_t>(result);
  } else if constexpr (std::is_arithmetic_v<T>) {
    outcome.value = result;
  }
  if constexpr (!std::is_arithmetic_v<T> && !std::is_enum_v<T>) {
    if (frame.call.result.empty()) return outcome;
    frame.variables.erase(frame.call.result);
    frame.variables.emplace(frame.call.result, std::move(result));
  }
  return outcome;
}

template <class... P, class Function>
Outcome apply(Frame& frame, const Function& function) {
  using Result = std::invoke_result_t<Function, P...>;
  std::tuple<P...> arguments{take<P>(frame)...};
  if constexpr (std::is_void_v<Result>) {
    in_tallystick([&] { std::apply(function, std::move(arguments)); });
    return {};
  } else {
    return keep(frame, in_tallystick([&] { return std::apply(function, std::move(arguments)); }));
  }
}

template <class Class, class... P>
Call bind_creator(Class (*creator)(const Module&, P...)) {
  return [creator](Frame& frame) {
    return apply<P...>(frame, [&](P... given) { return creator(frame.module(), std::forward<P>(given)...); });
  };
}

template <class Ref, class Result, class... P>
Call bind_method(Result (Ref::*method)(P...) const) {
  return [method](Frame& frame) {
    const Ref& object = variable_as<Ref>(frame, frame.call.self);
    const Ref self = frame.call.module.empty() ? object : Ref(frame.module().api(), object.handle());
    return apply<P...>(frame, [&](P... given) { return (self.*method)(std::forward<P>(given)...); });
  };
}

template <class Class, class Result, class... P>
Call bind_consuming(Result (Class::*method)(P...) &&) {
  return [method](Frame& frame) {
    Class& self = variable_as<Class>(frame, frame.call.self);
    return apply<P...>(frame,
                       [&](P... given) { return (std::move(self).*method)(std::forward<P>(given)...); });
  };
}

template <class Result, class... P>
Call bind_function(Result (*function)(const Module&, P...)) {
  return [function](Frame& frame) {
    return apply<P...>(frame,
                       [&](P... given) { return function(frame.module(), std::forward<P>(given)...); });
  };
}

#define CREATOR(class_name, Class, name) \
  { #class_name "." #name, bind_creator(&conformance::Class::name) }
#define METHOD(class_name, Class, name) \
  { #class_name "." #name, bind_method(&conformance::Class##Ref::name) }
#define CONSUMING(class_name, Class, name) \
  { #class_name "." #name, bind_consuming(&conformance::Class::name) }
#define FUNCTION(name) \
  { "." #name, bind_function(&conformance::name) }

const std::map<std::string, Call>& functions() {
  static const std::map<std::string, Call> all = {
#include "functions.inc"
  };
  return all;
}
#undef CREATOR
#undef METHOD
#undef CONSUMING
#undef FUNCTION

// An owner that owns nothing, of a class.
Variable empty_owner(const Module& module, const std::string& class_name) {
#define CLASS(name, Name)                                                                       \
  {                                                                                             \
#name, [](const Module& from) { return Variable(conformance::Name::adopt(from, nullptr)); } \
  }
#define COUNTED CLASS
#define ARRAY CLASS
  static const std::map<std::string, std::function<Variable(const Module&)>> all = {
#include "classes.inc"
  };
#undef CLASS
#undef COUNTED
#undef ARRAY
  return all.at(class_name)(module);
}

// An exception as an outcome; an interface's own error has to come as its own class.
Outcome outcome_of(const std::function<Outcome()>& operation) {
  try {
    return operation();
  } catch (const tally::InterfaceError& error) {
    Outcome outcome{error.status(), error.what(), nullptr, {}};
    const bool is_own_class = error.status() == CONFORMANCE_ERROR_REFUSED
                                  ? dynamic_cast<const conformance::Refused*>(&error) != nullptr
                                  : dynamic_cast<const conformance::Empty*>(&error) != nullptr;
    if (!is_own_class) outcome.complaints.push_back("the error is not thrown as its own class");
    return outcome;
  } catch (const tally::Error& error) {
    return {error.status(), error.what(), nullptr, {}};
  } catch (const std::bad_alloc& error) {
    return {TALLY_OUT_OF_MEMORY, error.what(), nullptr, {}, true};
  }
}

// --- The language

class Cpp : public Language {
 public:
  std::string name() const override { return "cpp"; }

  Outcome load(const std::string& module) override {
    return outcome_of([&] {
      modules_.erase(module);
      const std::string file = module_file(module);
      modules_.emplace(module, in_tallystick([&] { return Module::load(file); }));
      return Outcome{};
    });
  }
  Outcome unload(const std::string& module) override {
    return outcome_of([&] {
      Module& loaded = modules_.at(module);
      in_tallystick([&] { loaded.unload(); });
      return Outcome{};
    });
  }

  Outcome create(const Invocation& call) override { return run(call); }
  Outcome call(const Invocation& call) override {
    if (call.without_out) throw Inexpressible("results have no pointer");
    return run(call);
  }

  Outcome destroy(const std::string& what, const std::string& class_name,
                  const std::string& module) override {
    if (!class_name.empty()) throw Inexpressible("destroy of another class");
    return outcome_of([&] {
      return std::visit([&](auto& object) { return destroy_one(object, module); }, variables_.at(what));
    });
  }

  Outcome try_destroy(const std::string& what) override {
    return outcome_of([&] {
      return std::visit(
          [](auto& object) -> Outcome {
            if constexpr (requires { object.try_destroy(); }) {
              if (in_tallystick([&] { return object.try_destroy(); })) return {};
              return {tally_last_error()->status, tally_last_error()->text, nullptr, {}};
            } else {
              throw Inexpressible("try_destroy of what is no owner");
            }
          },
          variables_.at(what));
    });
  }

  Outcome resize(const std::string& blob, std::uint64_t size) override {
    return outcome_of([&] {
      auto& resized = std::get<tally::Blob>(variables_.at(blob));
      in_tallystick([&] { resized.resize(size); });
      return Outcome{};
    });
  }

  Outcome close(const std::string& view) override {
    return outcome_of([&] {
      auto& closed = std::get<tally::View>(variables_.at(view));
      return Outcome{in_tallystick([&] { return closed.close(); }), "", nullptr, {}};
    });
  }

  Outcome free(const std::string& blob) override {
    return outcome_of([&] {
      auto& freed = std::get<tally::Blob>(variables_.at(blob));
      in_tallystick([&] { freed.free(); });
      return Outcome{};
    });
  }

  Outcome ref(const std::string& of, const std::string& as) override {
    Variable made = std::monostate();
    std::visit(
        [&](auto& object) {
          using T = std::remove_reference_t<decltype(object)>;
          if constexpr (Owner<T>) made = reference_to(object);
          if constexpr (Object<T> && !Owner<T>) made = object;
        },
        variables_.at(of));
    variables_.insert_or_assign(as, std::move(made));
    return {};
  }

  Outcome retain(const std::string& of, const std::string& as) override {
    return outcome_of([&] {
      Variable made = std::visit(
          [](auto& object) -> Variable {
            if constexpr (requires { object.retain(); })
              return in_tallystick([&] { return object.retain(); });
            throw Inexpressible("retain of what is not counted");
          },
          variables_.at(of));
      variables_.erase(as);
      variables_.emplace(as, std::move(made));
      return Outcome{};
    });
  }

  Outcome size(const std::string& array) override {
    return outcome_of([&] {
      return std::visit(
          [](auto& object) -> Outcome {
            using T = std::remove_reference_t<decltype(object)>;
            if constexpr (Array<T>) return {TALLY_OK, "", in_tallystick([&] { return object.size(); }), {}};
            throw Inexpressible("the size of what is no array");
          },
          variables_.at(array));
    });
  }

  Outcome at(const std::string& array, std::uint64_t index, const std::string& as) override {
    return outcome_of([&] {
      Variable made = std::visit(
          [&](auto& object) -> Variable {
            using T = std::remove_reference_t<decltype(object)>;
            if constexpr (Array<T>) return in_tallystick([&] { return object.at(index); });
            throw Inexpressible("an element of what is no array");
          },
          variables_.at(array));
      variables_.erase(as);
      variables_.emplace(as, std::move(made));
      return Outcome{};
    });
  }

  Outcome host(const std::string& module, const std::string& as, bool without_methods) override {
    Valve::Scripts scripts = {{"", script(as)}};
    for (const char* name : {"turn", "hold", "swallow", "label", "seal"}) {
      scripts[name] = script(as + "." + name);
      if (!scripts[name]) throw Inexpressible("an object of the host's that lacks a method");
    }
    return outcome_of([&] {
      const Module& from = modules_.at(module);
      auto valve = without_methods ? nullptr : std::make_unique<Valve>(variables_, from, std::move(scripts));
      Variable made = in_tallystick([&] { return conformance::Valve::create(from, std::move(valve)); });
      variables_.erase(as);
      variables_.emplace(as, std::move(made));
      return Outcome{};
    });
  }

  bool releases_what_was_refused() const override { return true; }

  // A counted owner's token twice, as adopt() lets one have it: its copy would be one more reference.
  void copy(const std::string& what, const std::string& as) override {
    Variable made = std::monostate();
    std::visit(
        [&](auto& object) {
          using T = std::remove_reference_t<decltype(object)>;
          if constexpr (Counted<T>) {
            made = T::adopt(modules_.at("one"), object.token());
          } else if constexpr (std::is_copy_constructible_v<T>) {
            made = object;
          } else {
            throw Inexpressible("a copy of an owner");
          }
        },
        variables_.at(what));
    variables_.insert_or_assign(as, std::move(made));
  }
  void cast(const std::string&, const std::string&, const std::string&) override {
    throw Inexpressible("a cast");
  }
  // Of words that nobody issued, a wrapper takes only null.
  void make_up(std::uint64_t word, const std::string& class_name, const std::string& as) override {
    if (word != 0) throw Inexpressible("a made-up word");
    variables_.erase(as);
    if (class_name == "blob") {
      variables_.emplace(as, tally::Blob(tally_blob{}));
    } else if (class_name == "view") {
      variables_.emplace(as, tally::View(tally_view{}));
    } else {
      variables_.emplace(as, empty_owner(modules_.at("one"), class_name));
    }
  }
  void change(const std::string&, std::uint64_t, const std::string&) override {
    throw Inexpressible("a word with other bits");
  }

  bool same(const std::string& a, const std::string& b) override {
    return std::visit(
        [](const auto& first, const auto& second) {
          if constexpr (requires { first == second; } && Object<decltype(first)>) return first == second;
          return throw Inexpressible("a comparison of two classes"), false;
        },
        variables_.at(a), variables_.at(b));
  }
  bool same_key(const std::string& a, const std::string& b) override { return key(a) == key(b); }

  bool is_empty(const std::string& what) override {
    return std::visit(
        [](const auto& held) {
          using T = std::remove_cvref_t<decltype(held)>;
          if constexpr (Object<T>) return !held;
          if constexpr (std::is_same_v<T, tally::Blob>) return held.data() == nullptr;
          if constexpr (std::is_same_v<T, tally::View>) return held.data() == nullptr;
          return true;
        },
        variables_.at(what));
  }

  Json content(const std::string& memory) override {
    if (const auto* const view = std::get_if<tally::View>(&variables_.at(memory)))
      return std::string(view->text());
    return std::string(std::get<tally::Blob>(variables_.at(memory)).text());
  }
  void fill(const std::string& blob, const std::string& text) override {
    std::copy(text.begin(), text.end(), std::get<tally::Blob>(variables_.at(blob)).data());
  }

  std::vector<std::string> variables(const std::string& class_name) override {
    std::vector<std::string> names;
    for (const auto& [name, variable] : variables_) {
      const auto* const counter = std::get_if<conformance::Counter>(&variable);
      const auto* const basket = std::get_if<conformance::Basket>(&variable);
      if (class_name == "counter" ? counter && *counter : basket && *basket) names.push_back(name);
    }
    return names;
  }

  std::optional<std::int64_t> peek(const std::string& what) override {
    try {
      const Variable& variable = variables_.at(what);
      const auto* const counter = std::get_if<conformance::Counter>(&variable);
      return counter ? counter->value() : std::get<conformance::Basket>(variable).sum();
    } catch (const tally::Error&) {
      return std::nullopt;
    }
  }

  void clean_up() override {
    in_tallystick([&] { variables_.clear(); });
  }

 private:
  Outcome run(const Invocation& call) {
    Frame frame{variables_, modules_, call,
                [this](const std::string& name) -> Script& { return *script(name); }};
    return outcome_of(
        [&] { return functions().at(call.function->class_name + "." + call.function->name)(frame); });
  }

  template <class T>
  Outcome destroy_one(T& object, const std::string& module) {
    if constexpr (Counted<T>) {
      return {in_tallystick([&] { return object.release(); }), "", nullptr, {}};
    } else if constexpr (Owner<T>) {
      if (module.empty()) return {in_tallystick([&] { return object.destroy(); }), "", nullptr, {}};
      T adopted(modules_.at(module).api(), object.token());
      return {in_tallystick([&] { return adopted.destroy(); }), "", nullptr, {}};
    } else {
      throw Inexpressible("destroy of what is no owner");
    }
  }

  std::size_t key(const std::string& name) {
    return std::visit(
        [](const auto& held) -> std::size_t {
          using T = std::remove_cvref_t<decltype(held)>;
          if constexpr (Object<T>) return std::hash<T>()(held);
          return throw Inexpressible("a key of what is no object"), 0;
        },
        variables_.at(name));
  }

  std::map<std::string, Module> modules_;
  Variables variables_;
};

}  // namespace

std::unique_ptr<Language> make_language(const Description&) {
  return std::make_unique<Cpp>();
}

}  // namespace conformance_table
