// What the ledger says of objects and blobs, of which module, and from where.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "probe.hpp"

namespace {

const std::string modules = MODULES;

std::vector<tally_balance> balances(const char* module) {
  std::vector<tally_balance> all;
  tally_ledger_balances(
      module,
      [](const tally_balance* balance, void* user) {
        static_cast<std::vector<tally_balance>*>(user)->push_back(*balance);
        return 0;
      },
      &all);
  return all;
}

std::vector<tally_entry> live(const char* module) {
  std::vector<tally_entry> all;
  tally_ledger_live(
      module,
      [](const tally_entry* entry, void* user) {
        static_cast<std::vector<tally_entry>*>(user)->push_back(*entry);
        return 0;
      },
      &all);
  return all;
}

std::string written(int only_unbalanced) {
  const int file = memfd_create("ledger", 0);
  tally_ledger_write(file, only_unbalanced);
  std::string text(static_cast<std::size_t>(lseek(file, 0, SEEK_END)), '\0');
  EXPECT_EQ(pread(file, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  close(file);
  return text;
}

TEST(Ledger, CountsWhatWasIssuedAndRetired) {
  probe::Module module = probe::Module::load(modules + "/probe_1_0.so");
  {
    const probe::Probe kept = probe::Probe::create(module, 1);
    probe::Probe::create(module, 2).destroy();
    const std::vector<tally_balance> all = balances("probe_1_0");
    ASSERT_EQ(all.size(), 1u) << "a class that has created nothing is not listed";
    EXPECT_STREQ(all[0].module, "probe_1_0");
    EXPECT_STREQ(all[0].class_name, "probe.probe");
    EXPECT_EQ(all[0].issued, 2u);
    EXPECT_EQ(all[0].retired, 1u);
    EXPECT_EQ(all[0].live, 1u);
  }
  EXPECT_EQ(balances("probe_1_0")[0].live, 0u);
}

TEST(Ledger, SaysWhatEachClassTakes) {
  probe::Module module = probe::Module::load(modules + "/probe_1_0.so");
  {
    const probe::Probe object = probe::Probe::create(module, 1);
    const std::uint64_t one = balances("probe_1_0")[0].bytes;
    EXPECT_GE(one, sizeof(int));
    const probe::Probe other = probe::Probe::create(module, 2);
    const tally::Blob text = object.text();
    const std::vector<tally_balance> all = balances("probe_1_0");
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].bytes, 2 * one);
    EXPECT_EQ(all[1].bytes, text.size());
    const std::string line = "          2  " + std::to_string(2 * one) + " bytes\n";
    EXPECT_NE(written(0).find(line), std::string::npos) << written(0);
  }
  for (const tally_balance& each : balances("probe_1_0")) EXPECT_EQ(each.bytes, 0u) << each.class_name;
  EXPECT_EQ(written(0).find("bytes"), std::string::npos);
}

TEST(Ledger, NamesWhatIsLiveAndWhereItWasCreated) {
  probe::Module module = probe::Module::load(modules + "/probe_1_0.so");
  const probe::Probe object = probe::Probe::create(module, 1);
  const tally::Blob text = object.text();
  const std::vector<tally_entry> all = live("probe_1_0");
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].handle, module.api()->probe_id(object.handle()));
  EXPECT_STREQ(all[1].class_name, "blob");
  EXPECT_NE(all[1].handle, 0u);
  char site[200];
  EXPECT_GT(tally_site_text(all[0].created, site, sizeof site), 0u);
  EXPECT_EQ(std::string(site).rfind("host_tests+0x", 0), 0u) << site;
}

TEST(Ledger, AVisitorMayReadTheLedger) {
  probe::Module module = probe::Module::load(modules + "/probe_1_0.so");
  const probe::Probe object = probe::Probe::create(module, 1);
  std::size_t seen = 0;
  tally_ledger_balances(
      "probe_1_0",
      [](const tally_balance* balance, void* user) {
        *static_cast<std::size_t*>(user) += live(balance->module).size();
        return 0;
      },
      &seen);
  EXPECT_EQ(seen, 1u);
}

TEST(Ledger, TheReportGroupsBySite) {
  probe::Module module = probe::Module::load(modules + "/probe_1_0.so");
  std::vector<probe::Probe> objects;
  for (int i = 0; i < 3; ++i) objects.push_back(probe::Probe::create(module, i));
  const std::string text = written(1);
  EXPECT_EQ(text.rfind("tallystick: 3 objects are live:\n  3 x probe.probe of probe_1_0, "
                       "created at host_tests+0x",
                       0),
            0u)
      << text;
  objects.clear();
  EXPECT_EQ(written(1), "") << "silent when all is balanced";
}

TEST(Ledger, ASiteIsNamedAfterItsModuleHasGone) {
  tally_site site = 0;
  {
    probe::Module module = probe::Module::load(modules + "/probe_1_0.so");
    const probe::Probe object = probe::Probe::create(module, 1);
    site = live("probe_1_0")[0].created;
  }
  char text[200];
  tally_site_text(site, text, sizeof text);
  EXPECT_EQ(std::string(text).rfind("host_tests+0x", 0), 0u) << text;
  tally_site_text(0, text, sizeof text);
  EXPECT_STREQ(text, "an unknown place");
}

TEST(Ledger, ASiteInsideAModuleIsNamedAfterThatHasGone) {
  tally_site site = 0;
  {
    probe::Module module = probe::Module::load(modules + "/probe_1_0.so");
    const probe::Probe object = probe::Probe::create(module, 1);
    // As if a function of the module had made it, in the same epoch.
    const tally_site epoch = live("probe_1_0")[0].created >> 48;
    site = (epoch << 48) | reinterpret_cast<std::uintptr_t>(module.api()->probe_value);
  }
  char text[200];
  tally_site_text(site, text, sizeof text);
  EXPECT_EQ(std::string(text).rfind("probe_1_0.so+0x", 0), 0u) << text;
}

TEST(Ledger, SuccessLeavesTheLastErrorAlone) {
  const probe::Module module = probe::Module::linked();
  probe::Probe object = probe::Probe::create(module, 1);
  EXPECT_EQ(module.api()->probe_value(nullptr, nullptr), TALLY_NULL_ARGUMENT);
  const std::string text = tally_last_error()->text;
  object.destroy();
  EXPECT_EQ(tally_last_error()->text, text) << "the clean-up after a failure does not hide it";
}

[[noreturn]] void end_with_an_object_left(const char* exit_report) {
  setenv("TALLY_EXIT_REPORT", exit_report, 1);
  static_cast<void>(probe::Probe::create(probe::Module::linked(), 1).detach());
  std::exit(0);
}

TEST(LedgerDeathTest, TheExitReportNamesWhatWasNeverGivenBack) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // a process of its own, not a fork
  EXPECT_EXIT(end_with_an_object_left("1"), ::testing::ExitedWithCode(0),
              "1 object was never given back:\n  1 x probe.probe of probe_1_1, created at host_tests");
  EXPECT_EXIT(end_with_an_object_left("0"), ::testing::ExitedWithCode(0), "^$");
}

TEST(LedgerDeathTest, AForkedChildReportsNothing) {
  GTEST_FLAG_SET(death_test_style, "fast");
  EXPECT_EXIT(end_with_an_object_left("1"), ::testing::ExitedWithCode(0), "^$");
}

TEST(Ledger, EveryStatusHasItsWords) {
  for (tally_status status = TALLY_SYSTEM_ERROR; status <= TALLY_DEFERRED; ++status) {
    EXPECT_STRNE(tally_status_text(status), "unknown status") << status;
  }
  EXPECT_STREQ(tally_status_text(TALLY_STATUS_FIRST_OF_INTERFACE - 3), "error of the interface");
  EXPECT_STREQ(tally_status_text(-500), "unknown status");
}

}  // namespace
