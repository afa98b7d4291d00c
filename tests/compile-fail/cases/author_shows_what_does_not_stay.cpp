// An author whose method returns a container for a view, which would show it after its end, does not get a module.
// expect: error: .*shelf\.book\.title needs a member function of Book: title\(\) -> std::string_view
// std: c++20
#include <cstdint>
#include <string>
#include <string_view>

#include "shelf_host.hpp"
#include "tally/own.hpp"

namespace author {

class Jar {
 public:
  explicit Jar(std::uint32_t grams) : grams_(grams) {}
  std::uint32_t weigh() const { return grams_; }

 private:
  std::uint32_t grams_;
};

class Stamp {
 public:
  explicit Stamp(std::uint32_t value) : value_(value) {}
  std::uint32_t value() const { return value_; }

 private:
  std::uint32_t value_;
};

class Book {
 public:
  explicit Book(std::uint32_t pages) : pages_(pages) {}
  std::uint32_t count() const { return pages_; }
#ifdef FIXED
  const std::string& title() const {
    return title_;
  }
#else
  std::string title() const {
    return title_;
  }
#endif
  void press(tally::Own<Jar>) {}
  void read(shelf::host::Listener to) {
    to(pages_);
  }
  void close_up() && {}

 private:
  std::string title_ = "Walden";
  std::uint32_t pages_;
};

}  // namespace author

#define SHELF_AUTHOR author
#define SHELF_MODULE_NAME "shelf"
#include "shelf_glue.hpp"
