// Listens to nlohmann's parser and builds a Document: the values, and beside them, from a scanner that runs
// in step, where each one stands. Includes what the parser can't see: keys that stand twice, and nesting too
// deep to be meant.
#pragma once

#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "generator/load/document.hpp"
#include "generator/load/scanner.hpp"
#include "generator/load/syntax_error.hpp"

namespace tally::generator {

class DocumentBuilder : public nlohmann::json_sax<Json> {
 public:
  /// Builds into `document`, whose text is set.
  DocumentBuilder(Document& document, Diagnostics& diagnostics);

  bool null() override { return scalar(nullptr); }
  bool boolean(bool value) override { return scalar(value); }
  bool number_integer(number_integer_t value) override { return scalar(value); }
  bool number_unsigned(number_unsigned_t value) override { return scalar(value); }
  bool number_float(number_float_t value, const string_t&) override { return scalar(value); }
  bool string(string_t& value) override { return scalar(std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Json::object(), '}'); }
  bool start_array(std::size_t) override { return open(Json::array(), ']'); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& key) override;
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override;

 private:
  /// An object or array that is still open.
  struct Frame {
    Json* container;
    Path path;
    char closing;
    std::size_t opened_at;
    bool is_dropped;                                    ///< a second value of a key, or within one
    std::unordered_map<std::string, std::size_t> keys;  ///< where each one stood first
    std::string key;
    bool key_is_duplicate;
  };

  bool scalar(Json value);
  bool open(Json empty, char closing);
  bool close();
  Json* attach(Json value, Scanner::Token token);
  Path path_of_next() const;
  bool next_is_dropped() const;
  Expected expected_next() const;
  bool refuse(SyntaxError error);

  Document& document_;
  Diagnostics& diagnostics_;
  Scanner scanner_;
  std::vector<Frame> frames_;
  std::deque<Json> dropped_;  ///< values that don't become part of the document
  bool key_is_pending_ = false;
  bool is_done_ = false;
};

}  // namespace tally::generator
