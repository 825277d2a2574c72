// SPDX-License-Identifier: Apache-2.0
// Store: devices, claims and alerts in a database, so that what is known survives a restart. It
// knows how they are written down; when that happens, Writer says.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deliver/deliveries.hpp"
#include "inventory/device.hpp"
#include "policy/alert.hpp"
#include "report/names.hpp"
#include "state/database.hpp"

namespace tapwarden {

class Store {
 public:
  struct Restored {
    std::vector<Device> devices;  ///< the ones last seen first
    std::vector<Alert> alerts;
    std::map<std::string, Deliveries> deliveries;  ///< by output
    uint64_t unreadable = 0;                       ///< what is left out, since nobody can read it
    std::optional<uint64_t> seed;                  ///< of the proofs' hashes
    std::optional<Timestamp> stopped;              ///< the last sign of life of the run before
    std::chrono::nanoseconds idle{};  ///< how long nobody listened, in all runs until then
  };

  /// Opens or makes the database. Throws DatabaseError.
  explicit Store(const std::filesystem::path& file);

  /// What an earlier run knew, of the taps that `names` has: a device of another tap stays in the
  /// database. Names of captures that claims come from are added to it.
  Restored restore(Names& names, size_t devices_max);

  /// The claims are written only where the device says that they changed. It is never written
  /// that a device was first seen later than is known.
  void save(const Device& device, const Names& names, bool with_claims);
  /// The alert with its timeline. Events that the alert itself has let go go here too.
  void save(const Alert& alert);
  void forget_alert(const std::string& id);
  void save_sign_of_life(Timestamp now, std::chrono::nanoseconds idle, uint64_t seed);
  /// What became of an output's records, in all runs. How far it has come, its spool knows.
  void save(const std::string& output, const Deliveries& deliveries);
  /// Writes as much as a small round does, and takes it back: throws where the disk refuses it.
  void prove();
  /// Throws DatabaseError where the file is not there any more, or is another one.
  void check_file() { database_.check_file(); }
  /// Devices not seen since then that no alert is about, and over this number the oldest ones.
  void forget_devices(Timestamp before, size_t devices_max);

  template <typename Work>
  void in_transaction(Work&& work) {
    database_.in_transaction(std::forward<Work>(work));
  }

 private:
  Database database_;
  Statement save_device_;
  Statement remove_device_;
  Statement remove_claims_;
  Statement save_claim_;
  Statement save_alert_;
  Statement save_event_;
  Statement trim_timeline_;
  Statement remove_alert_;
  Statement remove_timeline_;
  Statement save_meta_;
};

}  // namespace tapwarden
