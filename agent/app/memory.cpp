// SPDX-License-Identifier: Apache-2.0
#include "app/memory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/file.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <system_error>

#include "core/directories.hpp"

namespace tapwarden {

namespace {

constexpr std::chrono::hours kTidyPause{24};
constexpr size_t kDevicesKept = 4;  // times as many as in memory

/// Two agents with one state would undo each other's work.
int lock(const std::filesystem::path& directory) {
  make_directories(directory);
  std::filesystem::path file = directory / "lock";
  int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), file.string());
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  throw std::runtime_error(
      fmt::format("state: {}: another agent keeps its state here", directory.string()));
}

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
  if (settings.state.directory.empty()) return;
  lock_ = lock(settings.state.directory);
}

Memory::~Memory() {
  writer_.reset();
  if (lock_ >= 0) ::close(lock_);
}

void Memory::restore(Storm& storm) {
  storm_ = &storm;
  started_ = wall_clock();
  if (settings_.state.directory.empty()) return;
  std::filesystem::path file = settings_.state.directory / "state.db";
  std::string moved;
  Store::Restored restored;
  try {
    store_ = open_store(file, moved);
    restored = store_->restore(names_, settings_.inventory.devices);
    is_restored_ = true;
  } catch (const std::exception& error) {  // whatever a file may hold that somebody has touched
    store_.reset();
    trouble_ = error.what();
  }
  // From here on, so that what is told of the restored is saved.
  writer_ = std::make_unique<Writer>(file, std::move(store_), forcer_, [this](std::string error) {
    boost::asio::post(loop_, [this, error = std::move(error)] { reopened(error); });
  });
  uint64_t unreadable = restored.unreadable;
  take(std::move(restored));
  spdlog::info("state: {}: {} devices, {} alerts", file.string(), control_.inventory().size(),
               control_.alerts().size());
  if (!moved.empty())
    on_health_(
        {"state", "", true, fmt::format("the state was damaged and is lost; moved to {}", moved)});
  if (unreadable != 0) {
    on_health_(
        {"state", "", true,
         fmt::format("{} entries of the state cannot be read and are left out", unreadable)});
  }
  if (trouble_.empty() && (!moved.empty() || unreadable != 0))
    on_health_({"state", "", false, "the state is kept from here on"});
  if (!trouble_.empty()) {
    on_health_(
        {"state", "", true, fmt::format("{}; going on in memory and trying again", trouble_)});
  }
}

void Memory::take(Store::Restored restored) {
  deliveries_ = std::move(restored.deliveries);
  if (restored.seed) control_.inventory().set_seed(*restored.seed);
  // Nobody listened meanwhile, nor between earlier runs: nobody was absent.
  idle_ += restored.idle;
  if (restored.stopped && *restored.stopped < started_) idle_ += started_ - *restored.stopped;
  for (Alert& alert : restored.alerts) {
    alert.heard += idle_;
    for (const AlertEvent& event : alert.timeline) {
      if (event.is_held) storm_->hold(alert, event);
    }
    control_.alerts().restore(std::move(alert));
  }
  for (Device& device : restored.devices) {
    device.shift(idle_);
    control_.inventory().restore(std::move(device));
  }
}

void Memory::shift(std::chrono::nanoseconds time) {
  control_.inventory().shift(time, wall_clock());
  control_.alerts().shift(time);
  idle_ += time;
}

void Memory::reopened(const std::string& error) {
  trouble_ = error;
  if (!error.empty()) {
    on_health_({"state", "", true, fmt::format("{}; going on in memory and trying again", error)});
    return;
  }
  is_restored_ ? write_all() : restore_late();
}

/// The state could not be read at the start: what it holds must not be lost to what we took for new
/// meanwhile. Until that is here nothing is written.
void Memory::restore_late() {
  trouble_ = "the state is being read";
  auto names = std::make_shared<Names>(names_);
  writer_->add([this, names, devices_max = settings_.inventory.devices](Store& store) {
    auto restored = std::make_shared<Store::Restored>();
    try {
      *restored = store.restore(*names, devices_max);
    } catch (const DatabaseError&) {
      throw;
    } catch (const std::exception&) {  // somebody has touched it: what was read so far
    }
    boost::asio::post(loop_, [this, names, restored] {
      names_.sources = names->sources;
      take_late(std::move(*restored));
    });
  });
  commit();
}

void Memory::take_late(Store::Restored restored) {
  is_restored_ = true;
  restored.seed.reset();
  for (Device& device : restored.devices) device.proofs.clear();  // made with that seed
  spdlog::info("state: {} devices, {} alerts of earlier runs", restored.devices.size(),
               restored.alerts.size());
  take(std::move(restored));
  control_.inventory().judge_all();
  write_all();
}

void Memory::write_all() {
  trouble_.clear();
  control_.inventory().forget_saved();
  save_all_alerts();
  tick();
  on_health_({"state", "", false, "the state is written again"});
}

void Memory::save_all_alerts() {
  control_.alerts().each([this](const Alert& alert) { save(alert); });
}

void Memory::save(const Alert& alert) {
  writer_->add([alert = without(idle_, alert)](Store& store) { store.save(alert); });
}

void Memory::save(const Device& device, bool with_claims) {
  writer_->add([device = without(idle_, device), names = names_, with_claims](Store& store) {
    store.save(device, names, with_claims);
  });
}

void Memory::save(const Alert& alert, const Device* device) {
  if (!writer_ || !trouble_.empty()) return;
  if (device != nullptr) save(*device, true);
  save(alert);
}

void Memory::save(const std::string& output, const Deliveries& deliveries) {
  if (!writer_ || !trouble_.empty()) return;
  writer_->add([output, deliveries](Store& store) { store.save(output, deliveries); });
}

void Memory::tick(size_t devices_max) {
  if (!writer_ || !trouble_.empty()) return;
  control_.inventory().each_unsaved(
      devices_max, [this](const Device& device, bool with_claims) { save(device, with_claims); });
  writer_->add([now = wall_clock(), idle = idle_, seed = control_.inventory().seed()](
                   Store& store) { store.save_sign_of_life(now, idle, seed); });
  auto now = std::chrono::steady_clock::now();
  if (tidied_ == std::chrono::steady_clock::time_point{} || now - tidied_ > kTidyPause) {
    tidied_ = now;
    writer_->add([before = wall_clock() - settings_.state.keep,
                  devices_max = settings_.inventory.devices * kDevicesKept](Store& store) {
      store.forget_devices(before, devices_max);
    });
  }
  commit();
}

/// The writer drops what it was handed when it is written, and also when it is given up.
void Memory::when_saved(std::function<void()> done) {
  std::shared_ptr<void> token(
      nullptr, [this, done = std::move(done)](void*) { boost::asio::post(loop_, done); });
  if (!writer_ || !trouble_.empty()) return;
  writer_->add([token = std::move(token)](Store&) {});
  commit();
}

void Memory::commit() {
  if (writer_) writer_->commit();
}

}  // namespace tapwarden
