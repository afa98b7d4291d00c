// Getting at the text (a file that is there, is one, and holds UTF-8) and finding places in it.
#include "generator/load/document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "generator/load/document_builder.hpp"

namespace tally::generator {
namespace {

constexpr std::size_t kLargestFile = std::size_t{16} << 20U;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The file's bytes, or why they can't be had.
std::string read_bytes(const std::string& file, std::string& error) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) return error = "is a folder, not a description", "";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"), &std::fclose);
  if (!stream) {
    error =
        errno == ENOENT ? "there is no such file" : fmt::format("can't be read: {}", std::strerror(errno));
    return {};
  }
  std::string bytes;
  char block[1 << 16];
  while (const std::size_t count = std::fread(block, 1, sizeof block, stream.get())) {
    bytes.append(block, count);
    if (bytes.size() > kLargestFile) return error = "is larger than 16 MiB: that is no description", "";
  }
  if (std::ferror(stream.get()) != 0) error = fmt::format("can't be read: {}", std::strerror(errno));
  return bytes;
}

/// How many bytes the code point that `text` starts with has; 0 if it isn't well-formed UTF-8.
std::size_t length_of_code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  const bool is_overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool is_surrogate = first == 0xED && byte(1) > 0x9F;
  const bool is_too_large = first == 0xF4 && byte(1) > 0x8F;
  return is_overlong || is_surrogate || is_too_large ? 0 : length;
}

/// What keeps the bytes from being text. The parser would take a zero byte for the end, and passes over
/// comments.
std::optional<SyntaxError> explain_bad_text(std::string_view text) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return SyntaxError{0, "the file is UTF-16: save it as UTF-8"};
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\0') return SyntaxError{i, "a zero byte stands in the file: it is not text"};
    const std::size_t length = length_of_code_point(text.substr(i));
    if (length == 0)
      return SyntaxError{i, fmt::format("byte 0x{:02x} is not UTF-8: save the file as UTF-8",
                                        static_cast<unsigned char>(text[i]))};
    i += length;
  }
  return std::nullopt;
}

std::vector<std::size_t> find_line_starts(std::string_view text) {
  std::vector<std::size_t> starts = {0};
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '\n') starts.push_back(i + 1);
  return starts;
}

/// How many bytes of a string's source make how many bytes of its meaning, at one character or escape.
struct Step {
  std::size_t source;
  std::size_t meaning;
};

Step step_over(std::string_view source) {
  if (!source.starts_with('\\')) return {1, 1};
  if (!source.starts_with("\\u")) return {2, 1};
  const unsigned long unit = std::stoul(std::string(source.substr(2, 4)), nullptr, 16);
  if (unit >= 0xD800 && unit <= 0xDFFF) return {12, 4};
  return {6, unit < 0x80 ? std::size_t{1} : unit < 0x800 ? std::size_t{2} : std::size_t{3}};
}

}  // namespace

std::optional<Document> Document::read(const std::string& file, Diagnostics& diagnostics) {
  std::string error;
  std::string text = read_bytes(file, error);
  if (error.empty()) return parse(std::move(text), diagnostics);
  diagnostics.add({{}, "", error});
  return std::nullopt;
}

std::optional<Document> Document::parse(std::string text, Diagnostics& diagnostics) {
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  Document document;
  document.text_ = std::move(text);
  document.line_starts_ = find_line_starts(document.text_);
  if (auto error = explain_bad_text(document.text_)) {
    diagnostics.add({document.position_of(error->offset), "", error->message});
    return std::nullopt;
  }
  DocumentBuilder builder(document, diagnostics);
  if (!Json::sax_parse(document.text_, &builder, Json::input_format_t::json, true, true)) return std::nullopt;
  return document;
}

Position Document::value_position(const Path& path) const {
  return position_of(place_of(path).value);
}

Position Document::key_position(const Path& path) const {
  return position_of(place_of(path).key);
}

Position Document::position_within(const Path& path, std::size_t offset) const {
  const std::size_t begin = place_of(path).value;
  if (begin >= text_.size() || text_[begin] != '"') return position_of(begin);
  std::size_t at = begin + 1;
  for (std::size_t meaning = 0; at < text_.size() && text_[at] != '"';) {
    const Step step = step_over(std::string_view(text_).substr(at));
    if (meaning + step.meaning > offset) break;
    meaning += step.meaning;
    at += step.source;
  }
  return position_of(at);
}

const Document::Place& Document::place_of(const Path& path) const {
  static constexpr Place kStart;
  for (std::string pointer = path.pointer();; pointer.erase(pointer.rfind('/'))) {
    if (const auto place = places_.find(pointer); place != places_.end()) return place->second;
    if (pointer.empty()) return kStart;
  }
}

Position Document::position_of(std::size_t offset) const {
  const auto after = std::ranges::upper_bound(line_starts_, offset);
  const std::size_t start = *(after - 1);
  const auto code_points = std::ranges::count_if(
      text_.begin() + static_cast<std::ptrdiff_t>(start), text_.begin() + static_cast<std::ptrdiff_t>(offset),
      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
  return {static_cast<std::size_t>(after - line_starts_.begin()), static_cast<std::size_t>(code_points) + 1};
}

}  // namespace tally::generator
