// The scanner must step exactly once for each event; every event function below does so first.
#include "generator/load/document_builder.hpp"

#include <fmt/format.h>

namespace tally::generator {
namespace {

constexpr std::size_t kDeepest = 64;

}  // namespace

DocumentBuilder::DocumentBuilder(Document& document, Diagnostics& diagnostics)
    : document_(document), diagnostics_(diagnostics), scanner_(document.text_) {}

bool DocumentBuilder::key(string_t& key) {
  const Scanner::Token token = scanner_.next_value();
  Frame& frame = frames_.back();
  const auto [first, is_new] = frame.keys.try_emplace(key, token.begin);
  if (!is_new)
    diagnostics_.add({document_.position_of(token.begin), frame.path.dotted(),
                      fmt::format("the key {} stands here a second time: the first one is on line {}",
                                  in_quotes(key), document_.position_of(first->second).line)});
  frame.key = key;
  frame.key_is_duplicate = !is_new;
  key_is_pending_ = true;
  if (frame.is_dropped)
    document_.dropped_keys_.insert(key);
  else
    document_.places_.try_emplace(frame.path.child(key).pointer(), Document::Place{token.begin, token.begin});
  return true;
}

bool DocumentBuilder::scalar(Json value) {
  const Scanner::Token token = scanner_.next_value();
  // The parser takes "01" and "truex" for two tokens each, and would complain of the second one only.
  if (auto error = explain_bad_token(document_.text_, token)) return refuse(std::move(*error));
  attach(std::move(value), token);
  return true;
}

bool DocumentBuilder::open(Json empty, char closing) {
  const Scanner::Token token = scanner_.next_value();
  if (frames_.size() == kDeepest)
    return refuse({token.begin, fmt::format("objects and arrays are nested more than {} deep", kDeepest)});
  const Path path = path_of_next();
  const bool is_dropped = next_is_dropped();
  Json* const container = attach(std::move(empty), token);
  frames_.push_back({container, path, closing, token.begin, is_dropped, {}, {}, false});
  return true;
}

bool DocumentBuilder::close() {
  scanner_.next_value();
  frames_.pop_back();
  is_done_ = frames_.empty();
  return true;
}

bool DocumentBuilder::parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) {
  const ReadingState state{scanner_, expected_next(), frames_.empty() ? '\0' : frames_.back().closing,
                           frames_.empty() ? 0 : frames_.back().opened_at};
  return refuse(explain_syntax_error(document_.text_, state));
}

/// Puts a value where the parser stands, and notes its place. Pointers into a container stay good while it is
/// the innermost open one, because nothing is added to those around it.
Json* DocumentBuilder::attach(Json value, Scanner::Token token) {
  const Path path = path_of_next();
  const bool is_dropped = next_is_dropped();
  key_is_pending_ = false;
  if (frames_.empty()) is_done_ = !value.is_structured();
  if (!is_dropped)
    document_.places_.try_emplace(path.pointer(), Document::Place{token.begin, token.begin})
        .first->second.value = token.begin;
  if (frames_.empty()) return &(document_.root_ = std::move(value));
  Frame& frame = frames_.back();
  if (frame.container->is_array()) return &frame.container->emplace_back(std::move(value));
  if (frame.key_is_duplicate) return &dropped_.emplace_back(std::move(value));
  return &((*frame.container)[frame.key] = std::move(value));
}

Path DocumentBuilder::path_of_next() const {
  if (frames_.empty()) return {};
  const Frame& frame = frames_.back();
  return frame.path.child(frame.container->is_array() ? std::to_string(frame.container->size()) : frame.key);
}

bool DocumentBuilder::next_is_dropped() const {
  return !frames_.empty() && (frames_.back().is_dropped || frames_.back().key_is_duplicate);
}

Expected DocumentBuilder::expected_next() const {
  if (is_done_) return Expected::nothing;
  if (frames_.empty()) return Expected::document;
  if (key_is_pending_) return Expected::colon;
  const Frame& frame = frames_.back();
  const bool is_first = frame.container->empty() && frame.keys.empty();
  if (!is_first) return Expected::comma;
  return frame.closing == '}' ? Expected::first_key : Expected::first_value;
}

bool DocumentBuilder::refuse(SyntaxError error) {
  diagnostics_.add(
      {document_.position_of(error.offset), "", std::move(error.message), std::move(error.suggestion)});
  return false;
}

}  // namespace tally::generator
