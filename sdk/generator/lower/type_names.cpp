// Names from C, C++, Rust and Python that people write out of habit are answered with the right one.
#include "generator/lower/type_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace tally::generator {
namespace {

using model::Scalar;

constexpr std::array<BuiltinType, 13> kBuiltin = {{{"bool", Scalar::boolean},
                                                   {"i8", Scalar::i8},
                                                   {"i16", Scalar::i16},
                                                   {"i32", Scalar::i32},
                                                   {"i64", Scalar::i64},
                                                   {"u8", Scalar::u8},
                                                   {"u16", Scalar::u16},
                                                   {"u32", Scalar::u32},
                                                   {"u64", Scalar::u64},
                                                   {"f32", Scalar::f32},
                                                   {"f64", Scalar::f64},
                                                   {"string", model::Text{}},
                                                   {"bytes", model::Bytes{}}}};

using Pair = std::pair<std::string_view, std::string_view>;

constexpr Pair kTranslations[] = {{"boolean", "bool"},
                                  {"char", "i8"},
                                  {"int8", "i8"},
                                  {"int8_t", "i8"},
                                  {"short", "i16"},
                                  {"int16", "i16"},
                                  {"int16_t", "i16"},
                                  {"int", "i32"},
                                  {"integer", "i32"},
                                  {"int32", "i32"},
                                  {"int32_t", "i32"},
                                  {"long", "i64"},
                                  {"long long", "i64"},
                                  {"int64", "i64"},
                                  {"int64_t", "i64"},
                                  {"isize", "i64"},
                                  {"ssize_t", "i64"},
                                  {"byte", "u8"},
                                  {"uint8", "u8"},
                                  {"uint8_t", "u8"},
                                  {"unsigned char", "u8"},
                                  {"uint16", "u16"},
                                  {"uint16_t", "u16"},
                                  {"unsigned short", "u16"},
                                  {"uint", "u32"},
                                  {"uint32", "u32"},
                                  {"uint32_t", "u32"},
                                  {"unsigned", "u32"},
                                  {"unsigned int", "u32"},
                                  {"uint64", "u64"},
                                  {"uint64_t", "u64"},
                                  {"unsigned long", "u64"},
                                  {"usize", "u64"},
                                  {"size_t", "u64"},
                                  {"float", "f32"},
                                  {"float32", "f32"},
                                  {"double", "f64"},
                                  {"float64", "f64"},
                                  {"number", "f64"},
                                  {"str", "string"},
                                  {"text", "string"},
                                  {"char*", "string"},
                                  {"const char*", "string"},
                                  {"std::string", "string"},
                                  {"buffer", "bytes"},
                                  {"blob", "bytes"},
                                  {"void*", "bytes"},
                                  {"const void*", "bytes"}};

}  // namespace

std::span<const BuiltinType> builtin_types() {
  return kBuiltin;
}

bool is_passing_word(std::string_view word) {
  return word == "own" || word == "borrow" || word == "view" || word == "callback";
}

bool is_word_of_types(std::string_view word) {
  return is_passing_word(word) || std::ranges::find(kBuiltin, word, &BuiltinType::name) != kBuiltin.end();
}

std::optional<std::string> translated_type(std::string_view foreign) {
  const auto* const found = std::ranges::find(kTranslations, foreign, &Pair::first);
  if (found == std::end(kTranslations)) return std::nullopt;
  return std::string(found->second);
}

}  // namespace tally::generator
