// SPDX-License-Identifier: Apache-2.0
#include "deliver/segment.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace tapwarden {

namespace {

namespace fs = std::filesystem;

/// Of one entry in the file of what is done.
struct Done {
  uint32_t begin = 0;
  uint32_t count = 0;
  uint32_t check = 0;
};
static_assert(sizeof(Done) == Segment::done_entry_size);

uint32_t check_of(const Done& done, uint32_t segment) {
  return static_cast<uint32_t>(XXH3_64bits_withSeed(&done, offsetof(Done, check), segment));
}

bool write_at(int descriptor, std::string_view octets, uint64_t offset) {
  while (!octets.empty()) {
    ssize_t count = ::pwrite(descriptor, octets.data(), octets.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    octets.remove_prefix(static_cast<size_t>(count));
    offset += static_cast<size_t>(count);
  }
  return true;
}

OpenFile open_to_write(const fs::path& path, int flags) {
  return OpenFile(::open(path.c_str(), O_WRONLY | O_CLOEXEC | flags, 0640));
}

uint64_t size_of(const fs::path& path) {
  std::error_code none;
  uint64_t size = fs::file_size(path, none);
  return none ? 0 : size;
}

}  // namespace

Segment::Segment(const fs::path& directory, uint32_t number)
    : file_(directory / fmt::format("{:08}.seg", number)),
      done_file_(directory / fmt::format("{:08}.done", number)),
      number_(number) {}

void Segment::add(uint32_t index, bool is_inventory) {
  waits_.resize(size_t{index} + 1);
  inventory_.resize(size_t{index} + 1);
  waits_[index] = true;
  inventory_[index] = is_inventory;
  ++waiting_;
  if (is_inventory) ++waiting_inventory_;
  ++held_;
}

uint64_t Segment::load() {
  uint64_t there = fs::file_size(file_);
  SegmentReader reader(file_, number_, there);
  while (auto found = reader.next()) add(found->index, found->is_inventory());
  size_ = reader.healthy_end();
  if (reader.failed())
    size_ = there;
  else if (size_ < there && ::truncate(file_.c_str(), static_cast<off_t>(size_)) != 0)
    size_ = there;
  load_finished();
  return reader.damaged() + (reader.failed() ? 1 : 0);
}

void Segment::load_finished() {
  done_size_ = size_of(done_file_) / sizeof(Done) * sizeof(Done);
  OpenFile file(::open(done_file_.c_str(), O_RDONLY | O_CLOEXEC));
  std::vector<Done> entries(done_size_ / sizeof(Done));
  ssize_t count = file ? ::pread(file.get(), entries.data(), done_size_, 0) : 0;
  entries.resize(count < 0 ? 0 : static_cast<size_t>(count) / sizeof(Done));
  for (const Done& done : entries) {
    if (done.check != check_of(done, number_)) continue;  // told again rather than forgotten
    uint64_t end = std::min<uint64_t>(uint64_t{done.begin} + done.count, waits_.size());
    for (uint64_t i = done.begin; i < end; ++i) finish(static_cast<uint32_t>(i));
  }
  unwritten_.clear();
}

bool Segment::create() {
  OpenFile file = open_to_write(file_, O_CREAT | O_EXCL);
  if (!file) return false;
  open_ = std::make_shared<OpenFile>(std::move(file));
  return true;
}

bool Segment::append(std::string_view packed, bool is_inventory) {
  if (!write_at(open_->get(), packed, size_)) {
    // Where even this fails the rest is taken for damage, and what comes behind is still found.
    if (::ftruncate(open_->get(), static_cast<off_t>(size_)) != 0) size_ = size_of(file_);
    return false;
  }
  size_ += packed.size();
  add(next_index(), is_inventory);
  return true;
}

uint32_t Segment::skip() {
  waits_.push_back(false);
  inventory_.push_back(false);
  return next_index() - 1;
}

bool Segment::finish(uint32_t index) {
  if (!waits(index)) return false;
  waits_[index] = false;
  --waiting_;
  if (inventory_[index]) --waiting_inventory_;
  if (!unwritten_.empty() && unwritten_.back().begin + unwritten_.back().count == index)
    ++unwritten_.back().count;
  else
    unwritten_.push_back({index, 1});
  return true;
}

bool Segment::write_finished() {
  if (unwritten_.empty()) return true;
  std::vector<Done> entries;
  entries.reserve(unwritten_.size());
  for (const Range& range : unwritten_) {
    Done done{range.begin, range.count, 0};
    done.check = check_of(done, number_);
    entries.push_back(done);
  }
  OpenFile file = open_to_write(done_file_, O_CREAT);
  size_t size = entries.size() * sizeof(Done);
  if (!file ||
      !write_at(file.get(), {reinterpret_cast<const char*>(entries.data()), size}, done_size_)) {
    return false;
  }
  done_size_ += size;
  unwritten_.clear();
  return true;
}

bool Segment::rewrite(bool with_inventory, bool force) {
  close();
  fs::path fresh = file_;
  fresh.replace_extension(".new");
  OpenFile file = open_to_write(fresh, O_CREAT | O_TRUNC);
  std::vector<bool> kept(waits_.size());
  uint64_t written = 0;
  size_t held = 0;
  bool whole = static_cast<bool>(file);
  std::string octets;
  auto put = [&] {
    whole = whole && write_at(file.get(), octets, written);
    written += octets.size();
    octets.clear();
  };
  if (whole) {
    SegmentReader reader(file_, number_, size_);
    while (auto found = reader.next()) {
      if (!waits(found->index) || (inventory_[found->index] && !with_inventory)) continue;
      octets += packed(found->record(), number_, found->index);
      kept[found->index] = true;
      ++held;
      if (octets.size() >= 1 << 18) put();
    }
    whole = whole && !reader.failed();
  }
  put();
  whole = whole && (!force || ::fdatasync(file.get()) == 0) &&
          ::rename(fresh.c_str(), file_.c_str()) == 0;
  if (!whole) {
    ::unlink(fresh.c_str());
    return false;
  }
  for (uint32_t i = 0; i < kept.size(); ++i) {
    if (waits_[i] && !kept[i]) finish(i);
  }
  size_ = written;
  held_ = held;
  if (::truncate(done_file_.c_str(), 0) == 0) done_size_ = 0;
  unwritten_.clear();
  return true;
}

void Segment::forget() {
  close();
  size_ = done_size_ = 0;
  waiting_ = waiting_inventory_ = held_ = 0;
  waits_.clear();
  inventory_.clear();
  unwritten_.clear();
}

// The records go first: were it the other way round, a crash between would bring them back.
void Segment::clear() {
  bool cleared = ::truncate(file_.c_str(), 0) == 0 || errno == ENOENT;
  cleared = cleared && (::truncate(done_file_.c_str(), 0) == 0 || errno == ENOENT);
  uint64_t left = cleared ? 0 : size();
  forget();
  size_ = left;
}

void Segment::remove() {
  ::unlink(file_.c_str());
  ::unlink(done_file_.c_str());
  forget();
}

uint32_t Segment::first_waiting(uint32_t from) const {
  if (waiting_ == 0 || from >= waits_.size()) return next_index();
  auto first = std::find(waits_.begin() + from, waits_.end(), true);
  return static_cast<uint32_t>(first - waits_.begin());
}

}  // namespace tapwarden
