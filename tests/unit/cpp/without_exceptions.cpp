// Compiled with -fno-exceptions and -fno-rtti, and linked to files that have both.
#include "without_exceptions.hpp"

#include <memory>

#include "fake.hpp"
#include "ownership.hpp"
#include "tally/smart_pointers.hpp"

#ifdef __cpp_exceptions
#error "this file is to be compiled without exceptions"
#endif

namespace without_exceptions {

namespace {

using ownership::Database;
using ownership::Image;
using ownership::Module;

class Quiet : public ownership::SinkMethods {
 public:
  tally::Expected<std::uint64_t> write(tally::Bytes chunk) override { return std::uint64_t{chunk.size()}; }
  tally::Expected<tally::Blob> name() override { return tally::Error(TALLY_NOT_SUPPORTED, "nameless"); }
  tally::Expected<tally::Blob> snapshot() override { return tally::Blob(); }
  tally::Expected<ownership::Verdict> inspect(ownership::DatabaseRef, Image) override {
    return ownership::Verdict::more;
  }
};

}  // namespace

std::string a_success_has_its_value() {
  const tally::Expected<Module> module = Module::linked();
  if (!module) return module.error().what();
  const tally::Expected<std::uint32_t> sum = ownership::checksum(*module, std::string("a"), 1);
  return sum && *sum == 'a' + 1u ? "" : "another sum";
}

std::string a_failure_has_its_error() {
  const Module module = *Module::linked();
  fake::state.next = OWNERSHIP_ERROR_NO_SUCH_ROW;
  fake::state.text = "row 9";
  const tally::Expected<Database> failed = Database::create(module, "");
  if (failed) return "it did not fail";
  return failed.error().is<ownership::NoSuchRow>() ? "" : failed.error().what();
}

std::string a_callback_returns_its_error() {
  const Module module = *Module::linked();
  const Database database = *Database::create(module, "");
  const tally::Expected<void> kept =
      database.on_change([](std::uint64_t, std::string_view) -> tally::Expected<bool> {
        return tally::Error(TALLY_BORROWED, "in use");
      });
  if (!kept) return kept.error().what();
  tally_bool out = 0;
  const ownership_progress& given = fake::state.progress;
  const tally_status status = given.call(given.user, 1, "", 0, &out);
  given.release(given.user);
  return status == TALLY_BORROWED ? "" : "another status";
}

std::string an_object_of_the_hosts_is_called() {
  const Module module = *Module::linked();
  const tally::Expected<ownership::Sink> sink = ownership::Sink::create(module, std::make_unique<Quiet>());
  if (!sink) return sink.error().what();
  std::uint64_t taken = 0;
  const std::uint8_t chunk[2] = {};
  tally_blob name{};
  const bool is_right = fake::state.methods->write(fake::state.user, chunk, 2, &taken) == TALLY_OK &&
                        taken == 2 &&
                        fake::state.methods->name(fake::state.user, &name) == TALLY_NOT_SUPPORTED;
  fake::state.methods->destroy(fake::state.user);
  return is_right ? "" : "another answer";
}

}  // namespace without_exceptions
