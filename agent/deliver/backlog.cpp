// SPDX-License-Identifier: Apache-2.0
#include "deliver/backlog.hpp"

#include <algorithm>

#include "deliver/segment.hpp"

namespace tapwarden {

namespace {

constexpr size_t kMemoryMax = 32 << 20;  // octets of lines, of those loaded and of those refused
constexpr size_t kLoadRecords = 1000;    // at once
constexpr size_t kLoadSize = 4 << 20;
constexpr size_t kLineupPart = 8;  // of the room for what the disk refuses

size_t half(size_t queue) { return std::max<size_t>(1, queue / 2); }

}  // namespace

Backlog::Backlog(std::filesystem::path directory, const SpoolSettings& settings, size_t queue,
                 std::shared_ptr<Forcer> forcer)
    : spool_(std::move(directory), settings, std::move(forcer)),
      queue_(queue),
      all_loaded_(spool_.waiting() == 0) {}

void Backlog::take(const Record& record) {
  store();
  std::optional<SpoolPosition> position;
  if (refused_.empty() && kept_.empty()) position = append(record);
  if (position)
    enter(record, *position);
  else
    keep(record);
}

std::optional<SpoolPosition> Backlog::append(const Record& record) {
  auto position = spool_.append(record);
  is_refused_ = !position;
  return position;
}

/// Into memory too, where everything before it is there already.
void Backlog::enter(Record record, SpoolPosition position) {
  if (!spool_.waits(position)) return;
  if (all_loaded_ && spooled() < half(queue_) && lineup_.size() < kMemoryMax) {
    lineup_.push(std::move(record), position);
    loaded_ = position;
  } else {
    all_loaded_ = false;
  }
}

/// The memory for what the disk refuses gives up as the spool does: inventory records first.
void Backlog::keep(const Record& record) {
  kept_.push_back(record);
  refused_size_ += record.line.size();
  while (kept_.size() + refused_.size() > half(queue_) ||
         (refused_size_ > kMemoryMax && kept_.size() > 1)) {
    auto victim =
        std::ranges::find_if(kept_, [](const Record& one) { return is_inventory(one.kind); });
    if (victim == kept_.end()) victim = kept_.begin();
    refused_size_ -= victim->line.size();
    kept_.erase(victim);
    ++lost_;
  }
}

/// Tries to bring to the spool what it refused, in order.
void Backlog::store() {
  while (!refused_.empty()) {
    Lineup::Item& item = lineup_.at(*refused_.begin());
    item.position = append(item.record);
    if (!item.position) return;
    loaded_ = *item.position;
    refused_size_ -= item.record.line.size();
    refused_.erase(refused_.begin());
  }
  while (!kept_.empty()) {
    auto position = append(kept_.front());
    if (!position) break;
    refused_size_ -= kept_.front().line.size();
    enter(std::move(kept_.front()), *position);
    kept_.pop_front();
  }
}

/// From the spool, and behind its last what it refused. Whether there was any.
bool Backlog::load() {
  size_t before = lineup_.count();
  size_t room = half(queue_);
  if (!all_loaded_ && spooled() <= room / 2 && lineup_.size() < kMemoryMax) {
    uint64_t failures_before = spool_.counters().failures;
    auto entries = spool_.read(loaded_, std::min(kLoadRecords, room - spooled()), kLoadSize);
    for (Spool::Entry& entry : entries) {
      loaded_ = entry.position;
      lineup_.push(std::move(entry.record), entry.position);
    }
    all_loaded_ = entries.empty() && spool_.counters().failures == failures_before;
  }
  // No more than is soon sent: what is in the lineup cannot make room for others any more.
  size_t refused_max = std::max<size_t>(1, room / kLineupPart);
  for (; all_loaded_ && !kept_.empty() && refused_.size() < refused_max; kept_.pop_front())
    refused_.insert(lineup_.push(std::move(kept_.front()), std::nullopt));
  return lineup_.count() != before;
}

void Backlog::erase(Lineup::Ticket ticket) {
  if (refused_.erase(ticket) != 0) refused_size_ -= lineup_.at(ticket).record.line.size();
  lineup_.erase(ticket);
}

bool Backlog::waits(Lineup::Ticket ticket) {
  const auto& position = lineup_.at(ticket).position;
  return !position || spool_.waits(*position);
}

void Backlog::finish(Lineup::Ticket ticket) {
  if (auto position = lineup_.at(ticket).position) spool_.done(*position);
  erase(ticket);
}

bool Backlog::set_aside(Lineup::Ticket ticket, std::string_view reason) {
  const Lineup::Item& item = lineup_.at(ticket);
  if (!spool_.set_aside({item.position.value_or(0), item.record}, reason)) return false;
  erase(ticket);
  return true;
}

std::optional<Timestamp> Backlog::oldest() const {
  if (auto oldest = spool_.oldest()) return oldest;
  if (!refused_.empty()) return lineup_.at(*refused_.begin()).record.time;
  if (!kept_.empty()) return kept_.front().time;
  return std::nullopt;
}

}  // namespace tapwarden
