// The table through the C ABI as it is: a module's table of functions, words as variables, and casts.
// Whatever C lets a caller do can be said here, so no case is impossible.
#include <cstring>
#include <functional>
#include <map>
#include <tuple>
#include <type_traits>
#include <variant>

#include "conformance.h"
#include "language.hpp"
#include "text.hpp"

namespace conformance_table {
namespace {

struct Word {
  std::uint64_t bits = 0;
  std::string class_name;
  std::string module;     // whose table it is called through
  bool is_owner = false;  // a creator's token, and the variable that it was returned to
};
using Variable = std::variant<Word, tally_blob>;
using Variables = std::map<std::string, Variable>;

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
  std::size_t next = 0;          // argument
  std::size_t pending_size = 0;  // of the text or bytes that the next size_t belongs to
  bool has_pending_size = false;
  std::map<std::string, std::uint64_t> owned{};  // variables whose word the callee may zero
  std::map<std::string, Text> texts{};
  bool has_result = false;
  tally_blob blob{};
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
    frame.has_result = true;
    frame.blob = {pointer_of<std::uint8_t*>(kPattern), kPattern, pointer_of<tally_blob_owner*>(kPattern)};
    return frame.call.without_out ? nullptr : &frame.blob;
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
    const tally_status status = std::apply(api.*slot, arguments);
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
    frame.word = bits_of(std::apply(api.*slot, arguments));
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

const std::map<std::string, Call>& functions() {
  static const std::map<std::string, Call> all = {
#include "functions.inc"
  };
  return all;
}
#undef METHOD
#undef CREATOR
#undef CONSUMING

// What every class has.
struct ClassFunctions {
  std::function<tally_status(const Module&, std::uint64_t)> destroy;
  std::function<std::uint64_t(const Module&, std::uint64_t)> ref;
  std::function<bool(const Module&, std::uint64_t, std::uint64_t)> same;
  std::function<std::uint64_t(const Module&, std::uint64_t)> id;
};

template <class X>
ClassFunctions bind_class(tally_status (*Module::*destroy)(X*), const X* (*Module::*ref)(const X*),
                          tally_bool (*Module::*same)(const X*, const X*),
                          std::uint64_t (*Module::*id)(const X*)) {
  return {[=](const Module& api, std::uint64_t word) { return (api.*destroy)(pointer_of<X*>(word)); },
          [=](const Module& api, std::uint64_t word) { return bits_of((api.*ref)(pointer_of<X*>(word))); },
          [=](const Module& api, std::uint64_t a, std::uint64_t b) {
            return (api.*same)(pointer_of<X*>(a), pointer_of<X*>(b)) != 0;
          },
          [=](const Module& api, std::uint64_t word) { return (api.*id)(pointer_of<X*>(word)); }};
}

#define CLASS(name, Name)                                                                                  \
  {                                                                                                        \
#name,                                                                                                 \
        bind_class(&Module::name##_destroy, &Module::name##_ref, &Module::name##_same, &Module::name##_id) \
  }

const ClassFunctions& class_functions(const std::string& class_name) {
  static const std::map<std::string, ClassFunctions> all = {
#include "classes.inc"
  };
  return all.at(class_name);
}
#undef CLASS

// --- The language

class C : public Language {
 public:
  explicit C(const Description& description) : description_(description) {}

  std::string name() const override { return "c"; }

  Outcome load(const std::string& module) override {
    tally_error error;
    tally_module* const loaded = tally_module_load(module_file(module).c_str(), &error);
    if (!loaded) return {error.status, error.text, nullptr, {}};
    modules_[module] = loaded;
    apis_[module] = conformance_api_of(loaded, &error);
    return apis_[module] ? Outcome{} : Outcome{error.status, error.text, nullptr, {}};
  }

  Outcome unload(const std::string& module) override {
    const tally_status status = tally_module_unload(modules_.at(module));
    if (status < 0) return failure(status);
    apis_.erase(module);
    return {};
  }

  Outcome create(const Invocation& call) override {
    Frame frame{variables_, call};
    Outcome outcome = run(call, frame, call.module);
    if (outcome.status >= 0) keep(frame, call, call.function->class_name, call.module, outcome);
    return outcome;
  }

  Outcome call(const Invocation& call) override {
    Invocation with_self = call;
    with_self.arguments.insert(with_self.arguments.begin(), Json(call.self));
    Frame frame{variables_, with_self};
    const std::string module = call.module.empty() ? word_in(variables_, call.self).module : call.module;
    Outcome outcome = run(call, frame, module);
    if (call.function->result == "bool" && outcome.value.is_number()) outcome.value = outcome.value != 0;
    if (outcome.status >= 0 && frame.has_result) keep(frame, call, call.function->result, module, outcome);
    return outcome;
  }

  Outcome destroy(const std::string& what, const std::string& class_name,
                  const std::string& module) override {
    if (auto* const blob = std::get_if<tally_blob>(&variables_.at(what))) {
      const tally_status status = class_functions(class_name).destroy(*apis_.at("one"), bits_of(blob->owner));
      return status < 0 ? failure(status) : Outcome{status, "", nullptr, {}};
    }
    const Word& word = word_in(variables_, what);
    const ClassFunctions& functions = class_functions(class_name.empty() ? word.class_name : class_name);
    const tally_status status =
        functions.destroy(*apis_.at(module.empty() ? word.module : module), word.bits);
    return status < 0 ? failure(status) : Outcome{status, "", nullptr, {}};
  }

  Outcome free(const std::string& blob) override {
    tally_blob& variable = std::get<tally_blob>(variables_.at(blob));
    const tally_blob before = variable;
    const tally_status status = tally_blob_free(&variable);
    if (status >= 0) return {status, "", nullptr, {}};
    Outcome outcome = failure(status);
    if (status != TALLY_EXCEPTION && std::memcmp(&before, &variable, sizeof before) != 0)
      outcome.complaints.push_back("the blob was not freed, and is not as it was");
    return outcome;
  }

  Outcome ref(const std::string& of, const std::string& as) override {
    Word word = word_in(variables_, of);
    word.bits = class_functions(word.class_name).ref(*apis_.at(word.module), word.bits);
    word.is_owner = false;
    variables_[as] = word;
    return word.bits ? Outcome{} : failure(tally_last_error()->status);
  }

  void copy(const std::string& what, const std::string& as) override {
    variables_[as] = variables_.at(what);
    disown(as);
  }

  // Between objects, and from an object to the blob that has its token as owner.
  void cast(const std::string& what, const std::string& to, const std::string& as) override {
    if (to == "blob") {
      const Word& word = word_in(variables_, what);
      variables_[as] = tally_blob{nullptr, 0, pointer_of<tally_blob_owner*>(word.bits)};
      return;
    }
    if (const auto* const blob = std::get_if<tally_blob>(&variables_.at(what))) {
      variables_[as] = Word{bits_of(blob->owner), to, "one", false};
      return;
    }
    Word word = word_in(variables_, what);
    variables_[as] = Word{word.bits, to, word.module, false};
  }

  void make_up(std::uint64_t word, const std::string& class_name, const std::string& as) override {
    if (class_name == "blob") {
      variables_[as] = tally_blob{nullptr, 0, pointer_of<tally_blob_owner*>(word)};
    } else {
      variables_[as] = Word{word, class_name, "one", false};
    }
  }

  void change(const std::string& what, std::uint64_t flip, const std::string& as) override {
    copy(what, as);
    if (auto* const blob = std::get_if<tally_blob>(&variables_[as])) {
      blob->owner = pointer_of<tally_blob_owner*>(bits_of(blob->owner) ^ flip);
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

  bool is_empty(const std::string& what) override {
    const Variable& variable = variables_.at(what);
    const auto* const blob = std::get_if<tally_blob>(&variable);
    return blob ? !blob->owner : std::get<Word>(variable).bits == 0;
  }

  Json content(const std::string& blob) override {
    return content_of(std::get<tally_blob>(variables_.at(blob)));
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
        tally_blob_free(blob);
      } else if (const Word& word = std::get<Word>(variable); word.is_owner && apis_.contains(word.module)) {
        class_functions(word.class_name).destroy(*apis_.at(word.module), word.bits);
      }
    }
    variables_.clear();
  }

 private:
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
      } else if (tally_blob_free(&frame.blob) < 0) {
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
};

}  // namespace

std::unique_ptr<Language> make_language(const Description& description) {
  return std::make_unique<C>(description);
}

}  // namespace conformance_table
