// SPDX-License-Identifier: Apache-2.0
// What the daemon remembers: brought back, written down, and forgotten.
#include "app/memory.hpp"

#include <fcntl.h>

#include <chrono>
#include <set>
#include <thread>

#include "state/schema.hpp"
#include "support/catch.hpp"
#include "support/inventory.hpp"
#include "support/rules.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 60s;

/// A daemon's memory with nothing else of it.
struct Head {
  explicit Head(const std::filesystem::path& directory)
      : rules(made_up_rules()), settings(settings_of(directory)), storm(settings.storm) {}

  static config::Settings settings_of(const std::filesystem::path& directory) {
    config::Settings settings;
    settings.state.directory = directory;
    settings.judge = {.as_of = 2026y / 1 / 1};
    return settings;
  }
  void restore() { memory.restore(storm); }
  /// Runs the loop until that is so.
  template <typename Condition>
  bool until(Condition&& condition) {
    auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      loop.restart();
      loop.run_for(1ms);
    }
    return true;
  }

  boost::asio::io_context loop{1};
  Rules rules;
  config::Settings settings;
  Storm storm;
  Names names{{"tap"}, {"tap"}, "sensor"};
  Lines health;
  std::shared_ptr<Forcer> forcer = std::make_shared<Forcer>();
  Control control{rules, settings, Standpoint{{"tap"}},
                  [this](const Alert& alert, const AlertEvent&, const Device* device) {
                    memory.save(alert, device);
                  }};
  Memory memory{loop, settings, control, names, forcer, [this](const Health& one) {
                  health.push_back((one.is_degraded ? "degraded: " : "ok: ") + one.message);
                }};
};

/// Says on which threads it ended, wherever it was copied or moved to.
class Mortal {
 public:
  explicit Mortal(std::set<std::thread::id>& ends) : ends_(&ends) {}
  Mortal(const Mortal&) = default;
  Mortal& operator=(const Mortal&) = default;
  Mortal(Mortal&& other) noexcept : ends_(std::exchange(other.ends_, nullptr)) {}
  Mortal& operator=(Mortal&& other) noexcept {
    ends_ = std::exchange(other.ends_, nullptr);
    return *this;
  }
  ~Mortal() {
    if (ends_ != nullptr) ends_->insert(std::this_thread::get_id());
  }

 private:
  std::set<std::thread::id>* ends_;
};

}  // namespace

TEST_CASE("Memory: what waits for the disk ends on the loop's thread", "[memory]") {
  Directory directory;
  std::set<std::thread::id> ends;
  size_t done = 0;
  Head head(directory.path());
  head.restore();
  for (size_t i = 0; i < 100; ++i) {
    head.memory.when_saved([&done, mortal = Mortal(ends)] { ++done; });
    REQUIRE(head.until([&] { return done == i + 1; }));
  }
  CHECK(ends == std::set{std::this_thread::get_id()});
}

TEST_CASE("Memory: what outputs are to tell is forced whether or not the state is well",
          "[memory]") {
  Directory directory;
  std::filesystem::create_directories(directory.path() / "state.db");  // which cannot be opened
  Head head(directory.path());
  head.restore();
  REQUIRE_FALSE(head.memory.trouble().empty());
  auto file = std::make_shared<const OpenFile>(
      ::open((directory.path() / "records").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  // Before the writer wakes by itself to open the state again; on a busy machine not every time.
  bool is_at_once = false;
  for (int i = 0; i < 5 && !is_at_once; ++i) {
    auto begun = std::chrono::steady_clock::now();
    head.forcer->add(file, std::make_shared<std::atomic<uint64_t>>());
    head.memory.tick();
    REQUIRE(head.until([&] { return !head.forcer->is_wanted(); }));
    is_at_once = std::chrono::steady_clock::now() - begun < Writer::retry_pause * 4 / 5;
  }
  CHECK(is_at_once);
}

TEST_CASE("Memory: what was over for long is forgotten, in memory and on the disk", "[memory]") {
  Directory directory;
  auto seen = wall_clock() - 500 * 24h;
  {
    Head head(directory.path());
    head.restore();
    head.memory.tick();  // what is to be forgotten is looked for once a day
    for (const char* mac : {"00:e0:fc:00:00:01", "00:e0:fc:00:00:02"}) {
      Observation observation = sighting(station(mac), 0);
      observation.time = seen;
      head.control.observe(observation);
    }
    REQUIRE(head.control.alerts().size() == 2);
    std::string id;
    head.control.alerts().each([&](const Alert& alert) { id = alert.id; });
    REQUIRE(head.control.alerts().act(id, {Action::Kind::suppress, "ada", "r"}, seen, nullptr) ==
            "");
    head.control.alerts().tick(seen + 40 * 24h);  // the other is resolved
    head.memory.tick();
  }
  {
    Head head(directory.path());
    head.restore();
    CHECK(head.control.alerts().size() == 2);
    CHECK(head.control.inventory().size() == 2);
    head.memory.tick();
    CHECK(head.control.alerts().size() == 1);
    CHECK(head.control.inventory().size() == 1);
    head.control.inventory().judge_all();
    CHECK(head.control.alerts().size() == 1);
  }
  Head head(directory.path());
  head.restore();
  CHECK(head.control.alerts().size() == 1);
  CHECK(head.control.inventory().size() == 1);
  CHECK(head.health == Lines{});
}

TEST_CASE("Memory: what of the state cannot be read is told", "[memory]") {
  Directory directory;
  {
    Head head(directory.path());
    head.restore();
    head.control.observe(sighting(station("00:e0:fc:00:00:01"), 0));
    head.memory.tick();
  }
  Database(directory.path() / "state.db", state_migrations, 1s)
      .run("UPDATE meta SET value = 'x' WHERE key = 'seed'");
  Head head(directory.path());
  head.restore();
  CHECK(head.health == Lines{"degraded: 1 entries of the state cannot be read and are left out",
                             "ok: the state is kept from here on"});
  CHECK(head.control.alerts().size() == 1);
}
