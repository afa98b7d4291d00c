// A module that the program is linked to, called without loading: from C by its exported functions, from C++
// by Module::linked().
#include <gtest/gtest.h>

#include "probe.hpp"

namespace {

TEST(Linked, ExportedFunctionsAreCalledDirectly) {
  tally_error error{};
  probe_probe* token = probe_probe_create(PROBE_PROBE_CREATE_START_DEFAULT, &error);
  ASSERT_NE(token, nullptr) << error.text;
  std::int32_t value = -1;
  EXPECT_EQ(probe_probe_raised(token, 5, &value), TALLY_OK);
  EXPECT_EQ(value, 5);
  EXPECT_EQ(probe_probe_destroy(token), TALLY_OK);
}

TEST(Linked, TheWrapperWorksWithoutLoading) {
  const probe::Module module = probe::Module::linked();
  const probe::Probe object = probe::Probe::create(module, 3);
  EXPECT_EQ(object.value(), 3);
  EXPECT_EQ(object.text().text(), "3");
  EXPECT_STREQ(module.name(), "");
}

TEST(Linked, TheTableHoldsTheSameFunctions) {
  probe_probe* const token = probe_probe_create(1, nullptr);
  std::int32_t value = 0;
  EXPECT_EQ(probe_linked_api()->probe_value(token, &value), TALLY_OK);
  EXPECT_EQ(value, 1);
  EXPECT_EQ(probe_linked_api()->probe_destroy(token), TALLY_OK);
}

}  // namespace
