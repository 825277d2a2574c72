// SPDX-License-Identifier: Apache-2.0
#include "app/memory.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>

namespace tapwarden {

namespace {

constexpr std::chrono::hours kTidyPause{24};
constexpr size_t kDevicesKept = 4;  // times as many as in memory

/// As it is written down: heard of at a time that stands still while nobody listens, so that it
/// need not be written anew when that was so.
Alert without(std::chrono::nanoseconds idle, Alert alert) {
  alert.heard -= idle;
  return alert;
}
Device without(std::chrono::nanoseconds idle, Device device) {
  device.shift(-idle);
  return device;
}

}  // namespace

Memory::Memory(boost::asio::io_context& loop, const config::Settings& settings, Control& control,
               Names& names, std::shared_ptr<Forcer> forcer, OnHealth on_health)
    : loop_(loop),
      settings_(settings),
      control_(control),
      names_(names),
      forcer_(std::move(forcer)),
      on_health_(std::move(on_health)) {
  control_.alerts().on_forget([this](const std::string& alert) {
    if (is_writing()) writer_->add([alert](Store& store) { store.forget_alert(alert); });
  });
}

void Memory::restore(Storm& storm) {
  storm_ = &storm;
  started_ = wall_clock();
  if (settings_.state.directory.empty()) return;
  std::filesystem::path file = settings_.state.directory / "state.db";
  std::string moved;
  std::unique_ptr<Store> store;
  Store::Restored restored;
  try {
    store = open_store(file, moved);
    restored = store->restore(names_, settings_.inventory.devices);
  } catch (const std::exception& error) {  // whatever a file may hold that somebody has touched
    store.reset();
    trouble_ = error.what();
  }
  // From here on, so that what is told of the restored is saved.
  writer_ = std::make_unique<Writer>(file, std::move(store), forcer_, [this](std::string error) {
    boost::asio::post(loop_, [this, error = std::move(error)] { reopened(error); });
  });
  if (!moved.empty())
    tell(true, fmt::format("the state was damaged and is lost; moved to {}", moved));
  if (!trouble_.empty()) return tell_trouble();
  bool is_whole = moved.empty() && restored.unreadable == 0;
  take(std::move(restored));
  if (!is_whole) tell(false, "the state is kept from here on");
}

/// What this run has found meanwhile stays, where the state could not be read at once.
void Memory::take(Store::Restored restored) {
  spdlog::info("state: {}: {} devices, {} alerts", settings_.state.directory.string(),
               restored.devices.size(), restored.alerts.size());
  if (restored.unreadable != 0) {
    tell(true, fmt::format("{} entries of the state cannot be read and are left out",
                           restored.unreadable));
  }
  is_restored_ = true;
  tidied_ = {};
  shared_names_ = std::make_shared<const Names>(names_);
  deliveries_ = std::move(restored.deliveries);
  Inventory& inventory = control_.inventory();
  bool is_late = inventory.size() != 0 || control_.alerts().size() != 0;
  bool is_seeded = restored.seed && !is_late;
  if (is_seeded) inventory.set_seed(*restored.seed);
  // Nobody listened meanwhile, nor between earlier runs: nobody was absent. A clock that is behind
  // what it was then goes back by so much.
  idle_ += restored.idle;
  if (restored.stopped) idle_ += started_ - *restored.stopped;
  for (Alert& alert : restored.alerts) {
    alert.heard += idle_;
    alert.changed = std::min(alert.changed, started_);
    alert.returned = std::min(alert.returned, started_);
    for (const AlertEvent& event : alert.timeline) {
      if (event.is_held) storm_->hold(alert, event);
    }
    control_.alerts().restore(std::move(alert));
  }
  for (Device& device : restored.devices) {
    device.shift(idle_);
    if (!is_seeded) device.proofs.clear();  // made with another seed
    inventory.restore(std::move(device));
  }
  if (is_late) inventory.judge_all();
}

void Memory::shift(std::chrono::nanoseconds time) {
  Timestamp now = wall_clock();
  control_.inventory().shift(time, now);
  control_.alerts().shift(time, now);
  idle_ += time;
}

bool Memory::is_writing() const { return writer_ && trouble_.empty(); }

void Memory::tell(bool is_degraded, std::string message) {
  on_health_({"state", "", is_degraded, std::move(message)});
}

void Memory::tell_trouble() {
  tell(true, fmt::format("{}; going on in memory and trying again", trouble_));
}

void Memory::reopened(const std::string& error) {
  trouble_ = error;
  if (!error.empty()) return tell_trouble();
  is_restored_ ? write_all() : restore_late();
}

/// The state could not be read at the start: what it holds must not be lost to what we took for new
/// meanwhile. Until that is here nothing is written.
void Memory::restore_late() {
  trouble_ = "the state is being read";
  auto names = std::make_shared<Names>(names_);
  writer_->add([this, names, devices_max = settings_.inventory.devices](Store& store) {
    auto restored = std::make_shared<Store::Restored>(store.restore(*names, devices_max));
    boost::asio::post(loop_, [this, names, restored] {
      names_.sources = names->sources;
      take(std::move(*restored));
      write_all();
    });
  });
  commit();
}

void Memory::write_all() {
  trouble_.clear();
  control_.inventory().forget_saved();
  save_all_alerts();
  tick();
  tell(false, "the state is written again");
}

void Memory::save_all_alerts() {
  control_.alerts().each([this](const Alert& alert) { save(alert); });
}

void Memory::save(const Alert& alert) {
  writer_->add([alert = without(idle_, alert)](Store& store) { store.save(alert); });
}

void Memory::save(const Device& device, bool with_claims) {
  writer_->add([device = without(idle_, device), names = shared_names_, with_claims](Store& store) {
    store.save(device, *names, with_claims);
  });
}

void Memory::save(const Alert& alert, const Device* device) {
  if (!is_writing()) return;
  if (device != nullptr) save(*device, true);
  save(alert);
}

void Memory::save(const std::string& output, const Deliveries& deliveries) {
  if (!is_writing()) return;
  writer_->add([output, deliveries](Store& store) { store.save(output, deliveries); });
}

void Memory::tick(size_t devices_max) {
  auto now = std::chrono::steady_clock::now();
  if (tidied_ == std::chrono::steady_clock::time_point{} || now - tidied_ > kTidyPause) {
    tidied_ = now;
    tidy();
  }
  if (is_writing()) {
    control_.inventory().each_unsaved(
        devices_max, [this](const Device& device, bool with_claims) { save(device, with_claims); });
    writer_->add([now = wall_clock(), idle = idle_, seed = control_.inventory().seed()](
                     Store& store) { store.save_sign_of_life(now, idle, seed); });
  }
  commit();  // also what outputs are to tell, for which the state need not be well
}

/// What was over for long is forgotten, in memory and on the disk. Alerts keep their devices: they
/// go first.
void Memory::tidy() {
  Timestamp before = wall_clock() - settings_.state.keep;
  control_.alerts().forget(before);
  control_.inventory().forget(
      before, [this](const Device& device) { return control_.alerts().knows(device); });
  if (!is_writing()) return;
  writer_->add([before, devices_max = settings_.inventory.devices * kDevicesKept](Store& store) {
    store.forget_devices(before, devices_max);
  });
}

/// The writer drops what it was handed when it is written, and also when it is given up. What is to
/// be done is the loop's alone: nothing of it may end on the writer's thread.
void Memory::when_saved(std::function<void()> done) {
  std::shared_ptr<void> token(nullptr, [this, done = std::move(done)](void*) mutable {
    boost::asio::post(loop_, std::move(done));
  });
  if (!is_writing()) return;
  writer_->add([token = std::move(token)](Store&) {});
  commit();
}

void Memory::commit() {
  if (writer_) writer_->commit();
}

}  // namespace tapwarden
