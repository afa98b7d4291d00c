// Functions and objects of the host's: what becomes of what they throw, and that each is deleted exactly
// once.
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

#include "test.hpp"

namespace {

using ownership::Database;
using ownership::DatabaseRef;
using ownership::Image;
using ownership::Module;
using ownership::Sink;
using ownership::SinkMethods;
using ownership::SinkRef;
using ownership::StatementRef;
using ownership::Verdict;

class Callbacks : public Fake {
 protected:
  // A function that counts how many of it there are.
  ownership::Progress counting() const {
    return [kept = kept](std::uint64_t, std::string_view) { return true; };
  }

  // Calls what on_change was given.
  static tally_status progress(std::uint64_t done, std::string_view label, tally_bool* out) {
    const ownership_progress& given = fake::state.progress;
    return given.call(given.user, done, label.data(), label.size(), out);
  }

  // Hands a function over, calls it, and releases it; the status that it came to.
  tally_status call(ownership::Progress function) {
    database.on_change(std::move(function));
    tally_bool out = 2;
    const tally_status status = progress(1, "", &out);
    fake::state.progress.release(fake::state.progress.user);
    return status;
  }

  const Module module = Module::linked();
  const Database database = Database::create(module, "a file");
  const std::shared_ptr<int> kept = std::make_shared<int>();
};

TEST_F(Callbacks, AFunctionIsCalledWithWhatTheModulePasses) {
  std::string seen;
  database.on_change([&](std::uint64_t done, std::string_view label) {
    seen = std::string(label) + std::to_string(done);
    return done < 5;
  });
  tally_bool out = 2;
  EXPECT_EQ(progress(4, "at ", &out), TALLY_OK);
  EXPECT_EQ(out, 1);
  EXPECT_EQ(progress(5, "end ", &out), TALLY_OK);
  EXPECT_EQ(out, 0);
  EXPECT_EQ(seen, "end 5");
  fake::state.progress.release(fake::state.progress.user);
}

TEST_F(Callbacks, AFunctionIsDeletedExactlyOnceByItsRelease) {
  database.on_change(counting());
  EXPECT_EQ(kept.use_count(), 2);
  fake::state.progress.release(fake::state.progress.user);
  EXPECT_EQ(kept.use_count(), 1);
}

TEST_F(Callbacks, AFunctionIsDeletedByTheWrapperIfTheCallFails) {
  fake::state.next = TALLY_LIMIT_REACHED;
  EXPECT_EQ(status_of([&] { database.on_change(counting()); }), TALLY_LIMIT_REACHED);
  EXPECT_EQ(kept.use_count(), 1);
}

TEST_F(Callbacks, AFunctionThatTheCallItselfReleasesIsDeletedOnce) {
  const std::uint64_t result = database.run(
      [kept = kept](StatementRef source, tally::Bytes content, double weight) {
        EXPECT_TRUE(source);
        EXPECT_TRUE(content.empty());
        EXPECT_EQ(weight, 1.5);
        return Verdict::enough;
      },
      [kept = kept] {});
  EXPECT_EQ(result, static_cast<std::uint64_t>(Verdict::enough));
  EXPECT_EQ(kept.use_count(), 1);
}

TEST_F(Callbacks, OfSeveralAllAreDeletedIfTheCallFails) {
  EXPECT_EQ(text_of([&] {
              database.run([kept = kept](StatementRef, tally::Bytes, double) { return Verdict::more; },
                           [kept = kept] { throw std::runtime_error("at the end"); });
            }),
            "at the end");
  EXPECT_EQ(kept.use_count(), 1);
}

TEST_F(Callbacks, AnEmptyFunctionIsANullArgument) {
  EXPECT_EQ(status_of([&] { database.on_change(nullptr); }), TALLY_NULL_ARGUMENT);
  EXPECT_EQ(status_of([&] { database.on_change(ownership::Progress()); }), TALLY_NULL_ARGUMENT);
}

TEST_F(Callbacks, AnExceptionBecomesExceptionWithItsText) {
  EXPECT_EQ(call([](std::uint64_t, std::string_view) -> bool { throw std::logic_error("no luck"); }),
            TALLY_EXCEPTION);
  EXPECT_STREQ(tally_last_error()->text, "no luck");
}

TEST_F(Callbacks, WhatIsNoExceptionClassBecomesExceptionToo) {
  EXPECT_EQ(call([](std::uint64_t, std::string_view) -> bool { throw 7; }), TALLY_EXCEPTION);
}

TEST_F(Callbacks, BadAllocBecomesOutOfMemory) {
  EXPECT_EQ(call([](std::uint64_t, std::string_view) -> bool { throw std::bad_alloc(); }),
            TALLY_OUT_OF_MEMORY);
}

TEST_F(Callbacks, AnErrorKeepsItsStatus) {
  EXPECT_EQ(
      call([](std::uint64_t, std::string_view) -> bool { throw tally::Error(TALLY_STALE_HANDLE, "gone"); }),
      TALLY_STALE_HANDLE);
  EXPECT_EQ(call([](std::uint64_t, std::string_view) -> bool { throw ownership::NoSuchRow("row 3"); }),
            OWNERSHIP_ERROR_NO_SUCH_ROW);
  EXPECT_STREQ(tally_last_error()->text, "row 3");
}

TEST_F(Callbacks, AnErrorOfAnotherInterfaceIsAnException) {
  EXPECT_EQ(call([](std::uint64_t, std::string_view) -> bool {
              throw tally::InterfaceError(OWNERSHIP_ERROR_NO_SUCH_ROW, "codec", "corrupt_input", "not ours");
            }),
            TALLY_EXCEPTION);
}

TEST_F(Callbacks, AnObjectThatIsGivenIsTakenAndOwned) {
  Image held = Image::adopt(module, nullptr);
  database.on_arrival([&](Image picture, SinkRef) { held = std::move(picture); });
  ownership_image* token = fake::token<ownership_image>();
  EXPECT_EQ(fake::state.arrival.call(fake::state.arrival.user, &token, nullptr), TALLY_OK);
  EXPECT_EQ(token, nullptr);
  EXPECT_TRUE(held);
  fake::state.arrival.release(fake::state.arrival.user);
}

TEST_F(Callbacks, AnObjectThatIsGivenToAFunctionThatThrowsIsGivenBackOnce) {
  database.on_arrival([](const Image&, SinkRef) { throw std::runtime_error("no room"); });
  ownership_image* token = fake::token<ownership_image>();
  EXPECT_EQ(fake::state.arrival.call(fake::state.arrival.user, &token, nullptr), TALLY_EXCEPTION);
  EXPECT_EQ(token, nullptr);
  EXPECT_EQ(fake::state.given_back, 1);
  fake::state.arrival.release(fake::state.arrival.user);
}

// ---- Objects of the host ----

class Counter : public SinkMethods {
 public:
  explicit Counter(int& alive) : alive_(alive) { ++alive_; }
  ~Counter() override { --alive_; }
  std::uint64_t write(tally::Bytes chunk) override {
    if (chunk.empty()) throw std::length_error("an empty chunk");
    return chunk.size();
  }
  tally::Blob name() override { return tally::Blob(fake::blob("counter")); }
  tally::Blob snapshot() override { throw ownership::NoSuchRow("no snapshot"); }
  Verdict inspect(DatabaseRef source, Image picture) override {
    return source && picture ? Verdict::enough : Verdict::more;
  }

 private:
  int& alive_;
};

class HostObjects : public Callbacks {
 protected:
  int alive = 0;
};

TEST_F(HostObjects, AreCalledThroughTheirTable) {
  const Sink sink = Sink::create(module, std::make_unique<Counter>(alive));
  const ownership_sink_methods& methods = *fake::state.methods;
  EXPECT_EQ(methods.header.size, sizeof methods);
  std::uint64_t taken = 0;
  const std::uint8_t chunk[3] = {};
  EXPECT_EQ(methods.write(fake::state.user, chunk, 3, &taken), TALLY_OK);
  EXPECT_EQ(taken, 3u);
  EXPECT_EQ(methods.write(fake::state.user, chunk, 0, &taken), TALLY_EXCEPTION);
  EXPECT_STREQ(tally_last_error()->text, "an empty chunk");
  ownership_image* picture = fake::token<ownership_image>();
  ownership_verdict verdict = OWNERSHIP_VERDICT_MORE;
  EXPECT_EQ(methods.inspect(fake::state.user, database.handle(), &picture, &verdict), TALLY_OK);
  EXPECT_EQ(verdict, OWNERSHIP_VERDICT_ENOUGH);
  EXPECT_EQ(picture, nullptr);
  methods.destroy(fake::state.user);
}

TEST_F(HostObjects, MemoryThatTheyReturnIsTheModules) {
  const Sink sink = Sink::create(module, std::make_unique<Counter>(alive));
  tally_blob name{};
  EXPECT_EQ(fake::state.methods->name(fake::state.user, &name), TALLY_OK);
  EXPECT_EQ(name.size, 7u);
  EXPECT_EQ(fake::state.blobs_freed, 0);
  EXPECT_EQ(fake::state.methods->snapshot(fake::state.user, &name), OWNERSHIP_ERROR_NO_SUCH_ROW);
  fake::state.methods->destroy(fake::state.user);
}

TEST_F(HostObjects, AreDeletedExactlyOnceByTheModule) {
  { const Sink sink = Sink::create(module, std::make_unique<Counter>(alive)); }
  EXPECT_EQ(alive, 1);
  fake::state.methods->destroy(fake::state.user);
  EXPECT_EQ(alive, 0);
}

TEST_F(HostObjects, AreDeletedIfTheyCanNotBeMade) {
  fake::state.next = TALLY_OUT_OF_MEMORY;
  EXPECT_EQ(status_of([&] { return Sink::create(module, std::make_unique<Counter>(alive)); }),
            TALLY_OUT_OF_MEMORY);
  EXPECT_EQ(alive, 0);
}

TEST_F(HostObjects, AreNotMadeOfNothing) {
  const std::string text = text_of([&] { return Sink::create(module, nullptr); });
  EXPECT_EQ(text, "ownership.sink: null argument: 'methods' is null; pass an object that implements it");
}

TEST_F(HostObjects, MethodsOfALaterVersionAreNotSupportedUnlessOverridden) {
  const Sink sink = Sink::create(module, std::make_unique<Counter>(alive));
  EXPECT_EQ(fake::state.methods->flush(fake::state.user), TALLY_NOT_SUPPORTED);
  EXPECT_STREQ(tally_last_error()->text,
               "ownership.sink.flush: not supported: the host's object does not override it");
  fake::state.methods->destroy(fake::state.user);
}

TEST_F(HostObjects, GivingOneEmptiesItsOwner) {
  Sink sink = Sink::create(module, std::make_unique<Counter>(alive));
  database.attach(std::move(sink));
  EXPECT_FALSE(sink);
  fake::state.methods->destroy(fake::state.user);
}

}  // namespace
