// SPDX-License-Identifier: Apache-2.0
// Snapshot: all devices and the summary as records, some at a time, so that a large inventory holds
// up nobody; and in the end as a file.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "app/control.hpp"
#include "deliver/record.hpp"
#include "report/summary.hpp"

namespace tapwarden {

class Snapshot {
 public:
  using Send = std::function<void(const Record&)>;

  static constexpr size_t devices_at_once = 512;

  /// Of what there is now; devices that are gone when it is their turn are left out. Without a
  /// `file` the records are sent only.
  Snapshot(const Control& control, const Names& names, Summary summary, std::filesystem::path file,
           Send send);

  /// Sends the next ones; false after the last, when the file is there as well. Throws
  /// std::system_error where it cannot be written.
  bool send_some();

 private:
  void take(const Record& record);

  const Control& control_;
  const Names& names_;
  Summary summary_;
  std::filesystem::path file_;
  Send send_;
  std::vector<HostKey> keys_;
  size_t next_ = 0;
  std::string text_;
};

}  // namespace tapwarden
