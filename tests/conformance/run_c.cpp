// The table through the C ABI as it is: a module's table of functions, words as variables, and casts.
// Whatever C lets a caller do can be said here, so no case is impossible.
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "conformance.h"
#include "language.hpp"
#include "text.hpp"
#include "where.hpp"

namespace conformance_table {
namespace {

struct Word {
  std::uint64_t bits = 0;
  std::string class_name;
  std::string module;     // whose table it is called through
  bool is_owner = false;  // a creator's token, and the variable that it was returned to
};
using Variable = std::variant<Word, tally_blob, tally_view>;
using Variables = std::map<std::string, Variable>;

// What the user data of a callback or an object of the host's points to. It stays until the case is over, so
// that a release too many is counted.
struct Hook {
  Variables& variables;
  const conformance_api* api;                // of the module that calls
  Script* script = nullptr;                  // a callback's, or the one that is told of the object's end
  std::map<std::string, Script*> methods{};  // an object's, by their names
};

using Hooks = std::vector<std::unique_ptr<Hook>>;

template <class Pointer>
Pointer pointer_of(std::uint64_t bits) {
  return reinterpret_cast<Pointer>(bits);
}
template <class T>
std::uint64_t bits_of(T* pointer) {
  return reinterpret_cast<std::uint64_t>(pointer);
}

// --- From JSON to the arguments of a C function, one after the other

// What one call is given and gives back. Results are filled with a pattern first, to see what a failure
// leaves.
struct Frame {
  Variables& variables;
  const Invocation& call;
  std::function<Hook&(const std::string& name)> hook_of{};  // for a callback
  std::size_t next = 0;                                     // argument
  std::size_t pending_size = 0;  // of the text or bytes that the next size_t belongs to
  bool has_pending_size = false;
  std::map<std::string, std::uint64_t> owned{};  // variables whose word the callee may zero
  std::map<std::string, Text> texts{};
  std::vector<std::shared_ptr<void>> callbacks{};
  bool has_result = false;
  tally_blob blob{};
  tally_view view{};
  std::uint64_t word = 0;  // a result that is an object
  std::uint64_t scalar = 0;
  tally_error error{};

  bool at_end() const { return next == call.arguments.size(); }
  const Json& take() { return call.arguments.at(next++); }
};

constexpr std::uint64_t kPattern = 0x5a5a5a5a5a5a5a5a;

Word& word_in(Variables& variables, const Json& name) {
  return std::get<Word>(variables.at(name.get<std::string>()));
}

// A parameter of type P, of a function one of whose parameters it is.
template <class P>
struct Parameter_ {
  static_assert(std::is_arithmetic_v<P>, "a parameter that the runner does not know");
  static P take(Frame& frame) {
    if (std::is_same_v<P, std::size_t> && frame.has_pending_size) {
      frame.has_pending_size = false;
      return static_cast<P>(frame.pending_size);
    }
    const Json& value = frame.take();
    return value.is_boolean() ? static_cast<P>(value.get<bool>()) : value.get<P>();
  }
};

template <>
struct Parameter_<const char*> {
  static const char* take(Frame& frame) {
    const Text& text = frame.texts[std::to_string(frame.next)] = Text(frame.take());
    frame.has_pending_size = true;
    frame.pending_size = text.is_terminated ? TALLY_NUL_TERMINATED : text.size;
    return text.is_null ? nullptr : text.bytes.c_str();
  }
};

template <>
struct Parameter_<const std::uint8_t*> {
  static const std::uint8_t* take(Frame& frame) {
    return reinterpret_cast<const std::uint8_t*>(Parameter_<const char*>::take(frame));
  }
};

// An object that is borrowed: the variable's word, whatever it is.
template <class X>
struct Parameter_<const X*> {
  static const X* take(Frame& frame) {
    const Json& name = frame.take();
    return name.is_null() ? nullptr : pointer_of<const X*>(word_in(frame.variables, name).bits);
  }
};

// An object that is owned, or, after the last argument, one that is returned.
template <class X>
struct Parameter_<X**> {
  static X** take(Frame& frame) {
    if (frame.at_end()) return result(frame);
    const Json& name = frame.take();
    if (name.is_null()) return nullptr;
    std::uint64_t& bits = frame.owned[name.get<std::string>()] = word_in(frame.variables, name).bits;
    return reinterpret_cast<X**>(&bits);
  }
  static X** result(Frame& frame) {
    frame.has_result = true;
    frame.word = kPattern;
    return frame.call.without_out ? nullptr : reinterpret_cast<X**>(&frame.word);
  }
};

template <>
struct Parameter_<tally_blob*> {
  static tally_blob* take(Frame& frame) {
    if (frame.at_end()) return result(frame);
    const Json& name = frame.take();
    return name.is_null() ? nullptr : &std::get<tally_blob>(frame.variables.at(name.get<std::string>()));
  }
  static tally_blob* result(Frame& frame) {
    frame.has_result = true;
    frame.blob = {pointer_of<std::uint8_t*>(kPattern), kPattern, pointer_of<tally_blob_owner*>(kPattern)};
    return frame.call.without_out ? nullptr : &frame.blob;
  }
};

template <>
struct Parameter_<tally_view*> {
  static tally_view* take(Frame& frame) {
    frame.has_result = true;
    frame.view = {pointer_of<std::uint8_t*>(kPattern), kPattern, pointer_of<tally_view_owner*>(kPattern)};
    return frame.call.without_out ? nullptr : &frame.view;
  }
};

template <>
struct Parameter_<tally_error*> {
  static tally_error* take(Frame& frame) { return frame.call.without_error ? nullptr : &frame.error; }
};

// A scalar result.
template <class T>
requires std::is_arithmetic_v<T>
struct Parameter_<T*> {
  static T* take(Frame& frame) {
    frame.has_result = true;
    frame.scalar = kPattern;
    return frame.call.without_out ? nullptr : reinterpret_cast<T*>(&frame.scalar);
  }
};

// --- Callbacks, and methods of the host's

// What the function of a script is called with: numbers are heard, objects go to its variable.
template <class T>
void receive(Hook&, Script& script, T number) {
  static_assert(std::is_arithmetic_v<T>, "a callback's parameter that the runner does not know");
  script.heard.push_back(number);
}
inline void receive(Hook& hook, Script& script, const conformance_counter* lent) {
  if (!script.given.empty()) hook.variables[script.given] = Word{bits_of(lent), "counter", "one", false};
}
inline void receive(Hook& hook, Script& script, conformance_counter** given) {
  if (script.given.empty()) return;
  hook.variables[script.given] = Word{bits_of(std::exchange(*given, nullptr)), "counter", "one", true};
}
inline void receive(Hook&, Script&, std::int64_t*) {}  // the result
inline void receive(Hook&, Script&, tally_blob*) {}

inline tally_status answer(const Hook&, const Script& script, std::int64_t* out) {
  *out = script.out;
  return TALLY_OK;
}
inline tally_status answer(const Hook& hook, const Script& script, tally_blob* out) {
  if (!script.returns.empty()) {
    *out = std::get<tally_blob>(hook.variables.at(script.returns));
    return TALLY_OK;
  }
  const std::string text = Text(script.out).bytes;
  const tally_status status = in_tallystick([&] { return hook.api->allocate(text.size(), 0, 0, out); });
  if (status >= 0) std::memcpy(out->data, text.data(), text.size());
  return status;
}
template <class T>
tally_status answer(const Hook&, const Script&, T) {
  return TALLY_OK;
}

template <class... P>
tally_status play(Hook& hook, Script& script, P... given) {
  const Here here(Where::test);
  ++script.called;
  (receive(hook, script, given), ...);
  script.steps();
  if (script.fails < 0) return script.is_silent ? script.fails : tally_fail(script.fails, "told to fail");
  tally_status status = TALLY_OK;
  ((status = status < 0 ? status : answer(hook, script, given)), ...);
  return status;
}

void TALLY_CALL release_hook(void* user) {
  ++static_cast<Hook*>(user)->script->released;
}

// The method of a valve, if a script plays it.
#define METHOD_OF_VALVE(method)                                    \
  if (hook.methods.contains(#method))                              \
  methods.method = [](void* user, auto... given) -> tally_status { \
    Hook& called = *static_cast<Hook*>(user);                      \
    return play(called, *called.methods.at(#method), given...);    \
  }

template <class Callback>
struct CallbackParameter {
  static const Callback* take(Frame& frame) {
    const Json& name = frame.take();
    if (name.is_null()) return nullptr;
    Callback& made = *std::static_pointer_cast<Callback>(frame.callbacks.emplace_back(new Callback{}));
    if (name.is_object()) return &made;  // {}: without a function
    made.call = function(made.call);
    made.user = &frame.hook_of(name);
    made.release = &release_hook;
    return &made;
  }
  template <class... P>
  static tally_status (*function(tally_status (*)(void*, P...)))(void*, P...) {
    return [](void* user, P... given) {
      Hook& hook = *static_cast<Hook*>(user);
      return play(hook, *hook.script, given...);
    };
  }
};
template <>
struct Parameter_<const conformance_notice*> : CallbackParameter<conformance_notice> {};
template <>
struct Parameter_<const conformance_look*> : CallbackParameter<conformance_look> {};
template <>
struct Parameter_<const conformance_adopt*> : CallbackParameter<conformance_adopt> {};

// --- The functions

using Call = std::function<Outcome(const conformance_api& api, Frame& frame)>;
using Module = conformance_api;

template <class T>
Json scalar_in(const Frame& frame) {
  T value;
  std::memcpy(&value, &frame.scalar, sizeof value);
  return value;
}

template <class Result>
bool is_zeroed(const Frame& frame) {
  if constexpr (std::is_same_v<Result, tally_blob>) {
    return !frame.blob.data && frame.blob.size == 0 && !frame.blob.owner;
  } else if constexpr (std::is_same_v<Result, tally_view>) {
    return !frame.view.data && frame.view.size == 0 && !frame.view.owner;
  } else if constexpr (std::is_pointer_v<Result>) {
    return frame.word == 0;
  } else {
    return scalar_in<Result>(frame) == Result{};
  }
}

// The result's type from the last parameter; void if the function has no result.
template <class Last, class = void>
struct ResultOf {
  using Type = void;
};
template <class Pointed>
struct ResultOf<Pointed*, std::enable_if_t<!std::is_const_v<Pointed>>> {
  using Type = Pointed;
};

Outcome failure(tally_status status) {
  return {status, tally_last_error()->text, nullptr, {}};
}

template <class... P>
Call bind(tally_status (*Module::*slot)(P...)) {
  return [slot](const Module& api, Frame& frame) {
    const std::tuple<P...> arguments{Parameter_<P>::take(frame)...};
    const tally_status status = in_tallystick([&] { return std::apply(api.*slot, arguments); });
    Outcome outcome = status < 0 ? failure(status) : Outcome{status, "", nullptr, {}};
    if constexpr (sizeof...(P) > 1) {
      using Result = typename ResultOf<std::tuple_element_t<sizeof...(P) - 1, std::tuple<P...>>>::Type;
      if constexpr (!std::is_void_v<Result>) {
        if (!frame.has_result) return outcome;
        if (status < 0 && !frame.call.without_out && !is_zeroed<Result>(frame))
          outcome.complaints.push_back("the call failed and did not zero its out parameter");
        if constexpr (std::is_arithmetic_v<Result>) {
          if (status >= 0) outcome.value = scalar_in<Result>(frame);
        }
      }
    }
    return outcome;
  };
}

template <class X, class... P>
Call bind(X* (*Module::*slot)(P...)) {
  return [slot](const Module& api, Frame& frame) {
    frame.error.status = 1234;
    const std::tuple<P...> arguments{Parameter_<P>::take(frame)...};
    frame.word = bits_of(in_tallystick([&] { return std::apply(api.*slot, arguments); }));
    frame.has_result = true;
    if (frame.word != 0) return Outcome{};
    Outcome outcome = failure(tally_last_error()->status);
    if (!frame.call.without_error &&
        (frame.error.status != outcome.status || frame.error.text != outcome.text))
      outcome.complaints.push_back(std::string("*error is not the last error: ") + frame.error.text);
    return outcome;
  };
}

#define METHOD(class_name, Name, method) \
  { #class_name "." #method, bind(&Module::class_name##_##method) }
#define CREATOR METHOD
#define CONSUMING METHOD
#define FUNCTION(name) \
  { "." #name, bind(&Module::name) }

const std::map<std::string, Call>& functions() {
  static const std::map<std::string, Call> all = {
#include "functions.inc"
  };
  return all;
}
#undef METHOD
#undef CREATOR
#undef CONSUMING
#undef FUNCTION

// What every class has, and what only counted classes and arrays have.
struct ClassFunctions {
  std::function<tally_status(const Module&, std::uint64_t)> destroy;  // or release
  std::function<std::uint64_t(const Module&, std::uint64_t)> ref;
  std::function<bool(const Module&, std::uint64_t, std::uint64_t)> same;
  std::function<std::uint64_t(const Module&, std::uint64_t)> id;
  std::function<tally_status(const Module&, std::uint64_t*)> try_destroy{};
  std::function<std::uint64_t(const Module&, std::uint64_t)> retain{};
  std::function<tally_status(const Module&, std::uint64_t, std::uint64_t*)> size{};
  std::function<tally_status(const Module&, std::uint64_t, std::uint64_t, std::uint64_t*)> at{};
};

template <class X>
ClassFunctions bind_class(tally_status (*Module::*destroy)(X*), const X* (*Module::*ref)(const X*),
                          tally_bool (*Module::*same)(const X*, const X*),
                          std::uint64_t (*Module::*id)(const X*)) {
  return {[=](const Module& api, std::uint64_t word) {
            return in_tallystick([&] { return (api.*destroy)(pointer_of<X*>(word)); });
          },
          [=](const Module& api, std::uint64_t word) {
            return bits_of(in_tallystick([&] { return (api.*ref)(pointer_of<X*>(word)); }));
          },
          [=](const Module& api, std::uint64_t a, std::uint64_t b) {
            return in_tallystick([&] { return (api.*same)(pointer_of<X*>(a), pointer_of<X*>(b)); }) != 0;
          },
          [=](const Module& api, std::uint64_t word) {
            return in_tallystick([&] { return (api.*id)(pointer_of<X*>(word)); });
          }};
}

template <class X>
ClassFunctions with_try_destroy(ClassFunctions functions, tally_status (*Module::*try_destroy)(X**)) {
  functions.try_destroy = [=](const Module& api, std::uint64_t* word) {
    return in_tallystick([&] { return (api.*try_destroy)(reinterpret_cast<X**>(word)); });
  };
  return functions;
}

template <class X>
ClassFunctions with_retain(ClassFunctions functions, X* (*Module::*retain)(const X*, tally_error*)) {
  functions.retain = [=](const Module& api, std::uint64_t word) {
    tally_error error;
    return bits_of(in_tallystick([&] { return (api.*retain)(pointer_of<X*>(word), &error); }));
  };
  return functions;
}

template <class Array, class X>
ClassFunctions with_elements(ClassFunctions functions,
                             tally_status (*Module::*size)(const Array*, std::uint64_t*),
                             tally_status (*Module::*at)(const Array*, std::uint64_t, const X**)) {
  functions.size = [=](const Module& api, std::uint64_t word, std::uint64_t* out) {
    return in_tallystick([&] { return (api.*size)(pointer_of<Array*>(word), out); });
  };
  functions.at = [=](const Module& api, std::uint64_t word, std::uint64_t index, std::uint64_t* out) {
    return in_tallystick(
        [&] { return (api.*at)(pointer_of<Array*>(word), index, reinterpret_cast<const X**>(out)); });
  };
  return functions;
}

#define BIND(name, end) \
  bind_class(&Module::name##_##end, &Module::name##_ref, &Module::name##_same, &Module::name##_id)
#define CLASS(name, Name) \
  { #name, with_try_destroy(BIND(name, destroy), &Module::name##_try_destroy) }
#define COUNTED(name, Name) \
  { #name, with_retain(BIND(name, release), &Module::name##_retain) }
#define ARRAY(name, Name)                                                                    \
  {                                                                                          \
#name, with_elements(with_try_destroy(BIND(name, destroy), &Module::name##_try_destroy), \
                         &Module::name##_size, &Module::name##_at)                           \
  }

const ClassFunctions& class_functions(const std::string& class_name) {
  static const std::map<std::string, ClassFunctions> all = {
#include "classes.inc"
  };
  return all.at(class_name);
}
#undef CLASS
#undef COUNTED
#undef ARRAY
#undef BIND

// --- The language

class C : public Language {
 public:
  explicit C(const Description& description) : description_(description) {}

  std::string name() const override { return "c"; }

  Outcome load(const std::string& module) override {
    tally_error error;
    const std::string file = module_file(module);
    tally_module* const loaded =
        in_tallystick([&] { return tally_module_load_with(file.c_str(), module_options(), &error); });
    if (!loaded) return {error.status, error.text, nullptr, {}};
    const Module* const api = in_tallystick([&] { return conformance_api_of(loaded, &error); });
    if (!api) {
      tally_module_unload(loaded);
      return {error.status, error.text, nullptr, {}};
    }
    modules_[module] = loaded;
    apis_[module] = api;
    return {};
  }

  Outcome unload(const std::string& module) override {
    const tally_status status = in_tallystick([&] { return tally_module_unload(modules_.at(module)); });
    if (status < 0) return failure(status);
    apis_.erase(module);
    return {};
  }

  Outcome create(const Invocation& call) override {
    Frame frame = frame_for(call);
    Outcome outcome = run(call, frame, call.module);
    if (outcome.status >= 0) keep(frame, call, call.function->class_name, call.module, outcome);
    return outcome;
  }

  Outcome call(const Invocation& call) override {
    Invocation with_self = call;
    if (!call.self.empty()) with_self.arguments.insert(with_self.arguments.begin(), Json(call.self));
    Frame frame = frame_for(with_self);
    const std::string module = call.module.empty() ? word_in(variables_, call.self).module : call.module;
    Outcome outcome = run(call, frame, module);
    if (call.function->result == "bool" && outcome.value.is_number()) outcome.value = outcome.value != 0;
    if (outcome.status >= 0 && frame.has_result) keep(frame, call, call.function->result, module, outcome);
    return outcome;
  }

  Outcome destroy(const std::string& what, const std::string& class_name,
                  const std::string& module) override {
    if (!std::holds_alternative<Word>(variables_.at(what)))
      return outcome_of(class_functions(class_name).destroy(*apis_.at("one"), owner_in(what)));
    const Word& word = word_in(variables_, what);
    const ClassFunctions& functions = class_functions(class_name.empty() ? word.class_name : class_name);
    return outcome_of(functions.destroy(*apis_.at(module.empty() ? word.module : module), word.bits));
  }

  Outcome try_destroy(const std::string& what) override {
    Word& word = word_in(variables_, what);
    return outcome_of(class_functions(word.class_name).try_destroy(*apis_.at(word.module), &word.bits));
  }

  Outcome free(const std::string& blob) override {
    tally_blob& variable = std::get<tally_blob>(variables_.at(blob));
    const tally_blob before = variable;
    const tally_status status = in_tallystick([&] { return tally_blob_free(&variable); });
    if (status >= 0) return {status, "", nullptr, {}};
    Outcome outcome = failure(status);
    if (status != TALLY_EXCEPTION && std::memcmp(&before, &variable, sizeof before) != 0)
      outcome.complaints.push_back("the blob was not freed, and is not as it was");
    return outcome;
  }

  Outcome resize(const std::string& blob, std::uint64_t size) override {
    tally_blob& variable = std::get<tally_blob>(variables_.at(blob));
    const tally_blob before = variable;
    Outcome outcome = outcome_of(in_tallystick([&] { return tally_blob_resize(&variable, size); }));
    if (outcome.status < 0 && std::memcmp(&before, &variable, sizeof before) != 0)
      outcome.complaints.push_back("the blob was not resized, and is not as it was");
    if (outcome.status >= 0 && (variable.size != size || variable.owner != before.owner))
      outcome.complaints.push_back("the blob has another size or token");
    return outcome;
  }

  Outcome close(const std::string& view) override {
    tally_view& variable = std::get<tally_view>(variables_.at(view));
    const tally_view before = variable;
    Outcome outcome = outcome_of(in_tallystick([&] { return tally_view_close(&variable); }));
    if (outcome.status < 0 && std::memcmp(&before, &variable, sizeof before) != 0)
      outcome.complaints.push_back("the view was not closed, and is not as it was");
    return outcome;
  }

  Outcome ref(const std::string& of, const std::string& as) override {
    return keep_word(of, as, class_functions(word_in(variables_, of).class_name).ref, false);
  }

  Outcome retain(const std::string& of, const std::string& as) override {
    return keep_word(of, as, class_functions(word_in(variables_, of).class_name).retain, true);
  }

  Outcome size(const std::string& array) override {
    const Word& word = word_in(variables_, array);
    std::uint64_t size = kPattern;
    Outcome outcome =
        outcome_of(class_functions(word.class_name).size(*apis_.at(word.module), word.bits, &size));
    if (outcome.status < 0 && size != 0) outcome.complaints.push_back("the size was not zeroed");
    outcome.value = size;
    return outcome;
  }

  Outcome at(const std::string& array, std::uint64_t index, const std::string& as) override {
    const Word word = word_in(variables_, array);
    std::uint64_t element = kPattern;
    Outcome outcome =
        outcome_of(class_functions(word.class_name).at(*apis_.at(word.module), word.bits, index, &element));
    if (outcome.status < 0 && element != 0) outcome.complaints.push_back("the element was not zeroed");
    const std::string class_name = word.class_name.substr(0, word.class_name.rfind("_array"));
    variables_[as] = Word{element, class_name, word.module, false};
    return outcome;
  }

  Outcome host(const std::string& module, const std::string& as, bool without_methods) override {
    Hook& hook = hook_of(as);
    for (const char* name : {"turn", "hold", "swallow", "label", "seal"})
      if (Script* const found = script(as + "." + name)) hook.methods[name] = found;
    conformance_valve_methods& methods = *methods_.emplace_back(new conformance_valve_methods{});
    methods.header = {sizeof methods, CONFORMANCE_VERSION_MAJOR, CONFORMANCE_VERSION_MINOR};
    methods.destroy = &release_hook;
    METHOD_OF_VALVE(turn);
    METHOD_OF_VALVE(hold);
    METHOD_OF_VALVE(swallow);
    METHOD_OF_VALVE(label);
    METHOD_OF_VALVE(seal);
    tally_error error;
    const Module& api = *apis_.at(module);
    const std::uint64_t token = bits_of(
        in_tallystick([&] { return api.valve_create(without_methods ? nullptr : &methods, &hook, &error); }));
    if (token == 0) return failure(tally_last_error()->status);
    variables_[as] = Word{token, "valve", module, true};
    return {};
  }

  bool releases_what_was_refused() const override { return false; }

  void copy(const std::string& what, const std::string& as) override {
    variables_[as] = variables_.at(what);
    disown(as);
  }

  // Between objects, and to and from the blob or the view that has the object's token as owner.
  void cast(const std::string& what, const std::string& to, const std::string& as) override {
    const std::uint64_t owner = owner_in(what);
    const auto* const word = std::get_if<Word>(&variables_.at(what));
    const std::string module = word ? word->module : "one";
    make_up(owner, to, as);
    if (auto* const made = std::get_if<Word>(&variables_[as])) made->module = module;
  }

  void make_up(std::uint64_t word, const std::string& class_name, const std::string& as) override {
    if (class_name == "blob") {
      variables_[as] = tally_blob{nullptr, 0, pointer_of<tally_blob_owner*>(word)};
    } else if (class_name == "view") {
      variables_[as] = tally_view{nullptr, 0, pointer_of<tally_view_owner*>(word)};
    } else {
      variables_[as] = Word{word, class_name, "one", false};
    }
  }

  void change(const std::string& what, std::uint64_t flip, const std::string& as) override {
    copy(what, as);
    if (auto* const blob = std::get_if<tally_blob>(&variables_[as])) {
      blob->owner = pointer_of<tally_blob_owner*>(bits_of(blob->owner) ^ flip);
    } else if (auto* const view = std::get_if<tally_view>(&variables_[as])) {
      view->owner = pointer_of<tally_view_owner*>(bits_of(view->owner) ^ flip);
    } else {
      word_in(variables_, as).bits ^= flip;
    }
  }

  bool same(const std::string& a, const std::string& b) override {
    const Word& first = word_in(variables_, a);
    return class_functions(first.class_name)
        .same(*apis_.at(first.module), first.bits, word_in(variables_, b).bits);
  }
  bool same_key(const std::string& a, const std::string& b) override { return key(a) == key(b); }

  bool is_empty(const std::string& what) override { return owner_in(what) == 0; }

  Json content(const std::string& memory) override {
    if (const auto* const view = std::get_if<tally_view>(&variables_.at(memory))) return content_of(*view);
    return content_of(std::get<tally_blob>(variables_.at(memory)));
  }
  void fill(const std::string& blob, const std::string& text) override {
    std::memcpy(std::get<tally_blob>(variables_.at(blob)).data, text.data(), text.size());
  }

  std::vector<std::string> variables(const std::string& class_name) override {
    std::vector<std::string> names;
    for (const auto& [name, variable] : variables_) {
      const auto* const word = std::get_if<Word>(&variable);
      if (!word || !word->is_owner || !word->bits || !apis_.contains(word->module)) continue;
      if (word->class_name == class_name) names.push_back(name);
    }
    return names;
  }

  std::optional<std::int64_t> peek(const std::string& what) override {
    const Word& word = word_in(variables_, what);
    const Module& api = *apis_.at(word.module);
    std::int64_t value = 0;
    const tally_status status = word.class_name == "counter"
                                    ? api.counter_value(pointer_of<conformance_counter*>(word.bits), &value)
                                    : api.basket_sum(pointer_of<conformance_basket*>(word.bits), &value);
    return status < 0 ? std::nullopt : std::optional(value);
  }

  void clean_up() override {
    for (auto& [name, variable] : variables_) {
      if (auto* const blob = std::get_if<tally_blob>(&variable)) {
        in_tallystick([&] { return tally_blob_free(blob); });
      } else if (auto* const view = std::get_if<tally_view>(&variable)) {
        in_tallystick([&] { return tally_view_close(view); });
      } else if (const Word& word = std::get<Word>(variable); word.is_owner && apis_.contains(word.module)) {
        class_functions(word.class_name).destroy(*apis_.at(word.module), word.bits);
      }
    }
    variables_.clear();
  }

 private:
  static Outcome outcome_of(tally_status status) {
    return status < 0 ? failure(status) : Outcome{status, "", nullptr, {}};
  }

  Hook& hook_of(const std::string& name) {
    return *hooks_.emplace_back(new Hook{variables_, apis_.at("one"), script(name)});
  }

  Frame frame_for(const Invocation& call) {
    return {variables_, call, [this](const std::string& name) -> Hook& { return hook_of(name); }};
  }

  std::uint64_t owner_in(const std::string& what) const {
    const Variable& variable = variables_.at(what);
    if (const auto* const blob = std::get_if<tally_blob>(&variable)) return bits_of(blob->owner);
    if (const auto* const view = std::get_if<tally_view>(&variable)) return bits_of(view->owner);
    return std::get<Word>(variable).bits;
  }

  Outcome keep_word(const std::string& of, const std::string& as,
                    const std::function<std::uint64_t(const Module&, std::uint64_t)>& made_from,
                    bool is_owner) {
    Word word = word_in(variables_, of);
    word.bits = made_from(*apis_.at(word.module), word.bits);
    word.is_owner = is_owner;
    variables_[as] = word;
    return word.bits ? Outcome{} : failure(tally_last_error()->status);
  }

  Outcome run(const Invocation& call, Frame& frame, const std::string& module) {
    Outcome outcome =
        functions().at(call.function->class_name + "." + call.function->name)(*apis_.at(module), frame);
    for (const auto& [name, bits] : frame.owned) word_in(variables_, name).bits = bits;
    return outcome;
  }

  // A result that is an object or a blob goes to its variable, or is given back.
  void keep(Frame& frame, const Invocation& call, const std::string& type, const std::string& module,
            Outcome& outcome) {
    if (type == "string" || type == "bytes") {
      if (type == "string" && frame.blob.data[frame.blob.size] != 0)
        outcome.complaints.push_back("no NUL ends the text");
      outcome.value = type == "string" ? content_of(frame.blob) : hex_of(frame.blob.data, frame.blob.size);
      if (!call.result.empty()) {
        variables_[call.result] = frame.blob;
      } else if (in_tallystick([&] { return tally_blob_free(&frame.blob); }) < 0) {
        outcome.complaints.push_back(tally_last_error()->text);
      }
    } else if (type == "view") {
      outcome.value = content_of(frame.view);
      if (!call.result.empty()) {
        variables_[call.result] = frame.view;
      } else if (in_tallystick([&] { return tally_view_close(&frame.view); }) < 0) {
        outcome.complaints.push_back(tally_last_error()->text);
      }
    } else if (description_.is_class(type)) {
      if (!call.result.empty()) {
        variables_[call.result] = Word{frame.word, type, module, true};
      } else if (class_functions(type).destroy(*apis_.at(module), frame.word) < 0) {
        outcome.complaints.push_back(tally_last_error()->text);
      }
    }
  }

  void disown(const std::string& name) {
    if (auto* const word = std::get_if<Word>(&variables_[name])) word->is_owner = false;
  }

  std::uint64_t key(const std::string& name) {
    const Word& word = word_in(variables_, name);
    return class_functions(word.class_name).id(*apis_.at(word.module), word.bits);
  }

  const Description& description_;
  std::map<std::string, tally_module*> modules_;
  std::map<std::string, const Module*> apis_;
  Variables variables_;
  Hooks hooks_;
  std::vector<std::unique_ptr<conformance_valve_methods>> methods_;
};

}  // namespace

std::unique_ptr<Language> make_language(const Description& description) {
  return std::make_unique<C>(description);
}

}  // namespace conformance_table
