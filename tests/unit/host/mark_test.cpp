// Marks: what has come and gone since.
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <string>

#include "probe.hpp"
#include "tally/mark.h"

namespace {

using Mark = std::unique_ptr<tally_mark, decltype(&tally_mark_free)>;

Mark take(const char* module = nullptr) {
  return {tally_mark_take(module), tally_mark_free};
}

struct Sum {
  std::uint64_t came = 0;
  std::uint64_t went = 0;
  std::uint64_t deferred = 0;
  std::size_t sites = 0;
};

std::map<std::string, Sum> changes(const Mark& mark) {
  std::map<std::string, Sum> all;
  tally_mark_changes(
      mark.get(),
      [](const tally_change* change, void* user) {
        Sum& sum = (*static_cast<std::map<std::string, Sum>*>(
            user))[std::string(change->module) + " " + change->class_name];
        sum.came += change->came;
        sum.went += change->went;
        sum.deferred += change->deferred;
        ++sum.sites;
        return 0;
      },
      &all);
  return all;
}

// One place for all that it makes.
[[gnu::noinline]] probe_probe* make() {
  probe_probe* const made = probe_probe_create(1, nullptr);
  asm volatile("" ::: "memory");  // no jump in place of the call
  return made;
}

TEST(Mark, SaysWhatHasComeAndWhatHasGone) {
  probe_probe* const old = make();
  const Mark mark = take();
  EXPECT_EQ(tally_mark_changes(mark.get(), nullptr, nullptr), 0u);
  EXPECT_TRUE(changes(mark).empty());
  probe_probe* const other = make();
  probe_probe* const third = probe_probe_create(3, nullptr);
  EXPECT_EQ(tally_mark_changes(mark.get(), nullptr, nullptr), 2u);
  probe_probe_destroy(old);
  const Sum sum = changes(mark)["probe_1_1 probe.probe"];
  EXPECT_EQ(sum.came, 2u);
  EXPECT_EQ(sum.went, 1u);
  EXPECT_EQ(sum.sites, 2u) << "the first two were made in one place";
  probe_probe_destroy(other);
  probe_probe_destroy(third);
  EXPECT_EQ(tally_mark_changes(mark.get(), nullptr, nullptr), 0u);
}

// The slot is used again, and its number of objects is as before.
TEST(Mark, AnotherObjectInTheSameSlotIsAnother) {
  probe_probe* const old = make();
  const Mark mark = take();
  probe_probe_destroy(old);
  probe_probe* const other = make();
  const Sum sum = changes(mark)["probe_1_1 probe.probe"];
  EXPECT_EQ(sum.came, 1u);
  EXPECT_EQ(sum.went, 1u);
  probe_probe_destroy(other);
}

TEST(Mark, KnowsBlobsAndModules) {
  const probe::Module module = probe::Module::load(std::string(MODULES) + "/probe_1_0.so");
  const probe::Probe object = probe::Probe::create(module, 1);
  const tally::Blob before = object.text();
  const Mark of_all = take();
  const Mark of_one = take("probe_1_1");
  {
    const tally::Blob text = object.text();
    EXPECT_EQ(changes(of_all)["probe_1_0 blob"].came, 1u);
    EXPECT_EQ(tally_mark_changes(of_one.get(), nullptr, nullptr), 0u);
  }
  EXPECT_EQ(tally_mark_changes(of_all.get(), nullptr, nullptr), 0u);
}

TEST(Mark, OutlivesTheModule) {
  probe::Module module = probe::Module::load(std::string(MODULES) + "/probe_1_0.so");
  Mark mark(nullptr, tally_mark_free);
  {
    const probe::Probe object = probe::Probe::create(module, 1);
    mark = take();
  }
  module.unload();
  EXPECT_EQ(changes(mark)["probe_1_0 probe.probe"].went, 1u);
}

TEST(Mark, IsWrittenAsLines) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Mark mark = take();
  EXPECT_EQ(tally_mark_write(mark.get(), ends[1]), 0u);
  probe_probe* const left = make();
  EXPECT_EQ(tally_mark_write(mark.get(), ends[1]), 1u);
  probe_probe_destroy(left);
  close(ends[1]);
  char text[600] = {};
  EXPECT_GT(read(ends[0], text, sizeof text - 1), 0);
  close(ends[0]);
  EXPECT_EQ(std::string(text).rfind("  1 x probe.probe of probe_1_1, created at host_tests+0x", 0), 0u)
      << text;
}

TEST(Mark, AVisitorMayStop) {
  const Mark mark = take();
  probe_probe* const one = make();
  probe_probe* const two = probe_probe_create(2, nullptr);
  int seen = 0;
  EXPECT_EQ(tally_mark_changes(
                mark.get(),
                [](const tally_change*, void* user) {
                  ++*static_cast<int*>(user);
                  return 1;
                },
                &seen),
            2u);
  EXPECT_EQ(seen, 1);
  probe_probe_destroy(one);
  probe_probe_destroy(two);
}

}  // namespace
