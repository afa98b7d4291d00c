// An interface of classes that several threads may use, as the glue would define it. For one source of a test
// program.
#pragma once

#include <atomic>
#include <thread>

#include "fixture.hpp"
#include "tally/runtime/pin.hpp"
#include "tally/runtime/view_table.hpp"

namespace tally::runtime::test {
namespace {

constexpr tally_table_header no_api{sizeof(tally_table_header), 1, 0};
constexpr tally_interface description{sizeof(tally_interface), 0, "sharing", &no_api, nullptr, nullptr, 0, 0};

std::atomic<int> made;
std::atomic<int> ended;

// It is alive, or its destructor has run: a call that finds it dead has been let in too late.
struct Thing {
  explicit Thing(int number) : value(number) { ++made; }
  Thing(const Thing&) = delete;
  ~Thing() {
    value = -1;
    last_thread = std::this_thread::get_id();
    ++ended;
  }
  std::atomic<int> value;
  std::atomic<int> users = 0;
  inline static std::atomic<std::thread::id> last_thread;
};

extern TableBase* const all[7];
constinit Interface sharing("sharing_module", description, all, 7, 5, true);
constinit Table<Thing> shared_table(sharing, "sharing.shared", 0, {.rule = Rule::shared});
constinit Table<Thing> exclusive_table(sharing, "sharing.exclusive", 1,
                                       {.rule = Rule::exclusive, .has_kin = true});
constinit Table<Thing> member_table(sharing, "sharing.member", 2,
                                    {.rule = Rule::with_parent, .has_kin = true});
constinit Table<Thing> counted(sharing, "sharing.counted", 3, {.rule = Rule::shared, .is_counted = true});
constinit Table<Thing> parts_in_family(
    sharing, "sharing.part", 4,
    {.rule = Rule::with_parent, .is_counted = true, .has_kin = true, .ends_with_parent = true});
constinit BlobTable sharing_blobs(sharing, 5);
constinit ViewTable sharing_views(sharing, 6);
TableBase* const all[7] = {&shared_table,    &exclusive_table, &member_table, &counted,
                           &parts_in_family, &sharing_blobs,   &sharing_views};

constexpr Function sharing_function{sharing, "sharing_function"};

Call in_call() {
  return {sharing_function, TALLY_CALLER};
}

Opaque* make(Table<Thing>& table, Place parent = kNowhere) {
  Opaque* token = nullptr;
  table.create(
      in_call(), &token, [] { return Thing(7); }, parent);
  return token;
}

Opaque* handle(Table<Thing>& table, const Opaque* token) {
  return as_pointer<Opaque>(table.ref(in_call(), token));
}

tally_status end(Table<Thing>& table, const Opaque* token) {
  return table.destroy(in_call(), "owner", token);
}

class Sharing : public testing::Test {
 protected:
  void SetUp() override { made = ended = 0; }
  void TearDown() override {
    EXPECT_EQ(made, ended);
    for (const TableBase* const each : all) {
      const tally_balance balance = balance_of(*each);
      EXPECT_EQ(balance.issued, balance.retired) << each->class_name();
      EXPECT_EQ(balance.deferred, 0u) << each->class_name();
    }
  }
};

}  // namespace
}  // namespace tally::runtime::test
