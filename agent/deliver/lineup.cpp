// SPDX-License-Identifier: Apache-2.0
#include "deliver/lineup.hpp"

namespace tapwarden {

Lineup::Ticket Lineup::push(Record record, std::optional<SpoolPosition> position) {
  Ticket ticket = ++last_;
  Item& item = items_[ticket];
  item.record = std::move(record);
  item.position = position;
  size_ += item.record.line.size();
  Ticket before = 0;
  if (!item.record.key.empty()) before = std::exchange(last_of_key_[item.record.key], ticket);
  if (before == 0)
    ready_.insert(ticket);
  else
    items_.at(before).behind = ticket;
  return ticket;
}

/// Only one that ready() gave and that does not rest.
void Lineup::erase(Ticket ticket) {
  auto found = items_.find(ticket);
  const Item& item = found->second;
  ready_.erase(ticket);
  if (item.behind != 0)
    ready_.insert(item.behind);
  else if (!item.record.key.empty())
    last_of_key_.erase(item.record.key);
  size_ -= item.record.line.size();
  items_.erase(found);
}

Lineup::Ticket Lineup::ready(Ticket from) const {
  auto first = ready_.lower_bound(from);
  return first == ready_.end() ? 0 : *first;
}

void Lineup::rest(Ticket ticket, Clock::time_point until) {
  ready_.erase(ticket);
  resting_.emplace(until, ticket);
}

void Lineup::wake(Clock::time_point now) {
  while (!resting_.empty() && resting_.begin()->first <= now) {
    ready_.insert(resting_.begin()->second);
    resting_.erase(resting_.begin());
  }
}

std::optional<Lineup::Clock::time_point> Lineup::next_wake() const {
  if (resting_.empty()) return std::nullopt;
  return resting_.begin()->first;
}

}  // namespace tapwarden
