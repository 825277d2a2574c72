// SPDX-License-Identifier: Apache-2.0
#include "app/snapshot.hpp"

#include <algorithm>

#include "deliver/file_sink.hpp"
#include "report/order.hpp"
#include "report/records.hpp"

namespace tapwarden {

Snapshot::Snapshot(const Control& control, const Names& names, Summary summary,
                   std::filesystem::path file, Send send)
    : control_(control),
      names_(names),
      summary_(std::move(summary)),
      file_(std::move(file)),
      send_(std::move(send)) {
  for (const Device* device : in_order(control.inventory())) keys_.push_back(device->key);
}

void Snapshot::take(const Record& record) {
  send_(record);
  if (!file_.empty()) text_ += record.line + '\n';
}

bool Snapshot::send_some() {
  for (size_t end = std::min(keys_.size(), next_ + devices_at_once); next_ < end; ++next_) {
    const Device* device = control_.inventory().find(keys_[next_]);
    if (device != nullptr) take(device_record(*device, control_.alerts().hits(*device), names_));
  }
  if (next_ < keys_.size()) return true;
  take(summary_record(summary_, wall_clock(), names_));
  if (!file_.empty()) write_whole(file_.string(), text_);
  return false;
}

}  // namespace tapwarden
