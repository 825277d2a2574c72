// SPDX-License-Identifier: Apache-2.0
#include "deliver/spool.hpp"

#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <system_error>

#include "deliver/segment.hpp"
#include "deliver/set_aside.hpp"
#include "support/catch.hpp"
#include "support/contents.hpp"
#include "support/files.hpp"
#include "support/full_disk.hpp"
#include "support/records.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
namespace fs = std::filesystem;

namespace {

using Ids = std::vector<std::string>;

void put(const fs::path& file, std::string_view octets) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << octets;
}

/// In place: a file that is cut and written again is forced to disk by some file systems.
void flip(const fs::path& file, size_t bit) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekg(static_cast<long>(bit / 8));
  int octet = stream.get() ^ (1 << bit % 8);
  stream.seekp(static_cast<long>(bit / 8));
  stream.put(static_cast<char>(octet));
}

std::vector<Spool::Entry> all(Spool& spool) { return spool.read(0, 10'000'000, size_t{1} << 40); }

Ids ids(const std::vector<Spool::Entry>& entries) {
  Ids found;
  for (const Spool::Entry& entry : entries) found.push_back(entry.record.id);
  return found;
}
Ids ids(Spool& spool) { return ids(all(spool)); }

Ids numbers(unsigned begin, unsigned end) {
  Ids found;
  for (unsigned i = begin; i < end; ++i) found.push_back("i" + std::to_string(i));
  return found;
}

/// What the directory's segments take by the file system's word.
uint64_t disk_size(const fs::path& directory) {
  uint64_t size = 0;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ".seg" || entry.path().extension() == ".done")
      size += entry.file_size();
  }
  return size;
}

size_t segments(const fs::path& directory) {
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(directory))
    count += entry.path().extension() == ".seg";
  return count;
}

SpoolSettings small(size_t size_max = 1 << 20, size_t segment_size = 8 << 20) {
  SpoolSettings settings;
  settings.size_max = size_max;
  settings.segment_size = segment_size;
  settings.sync = SpoolSettings::Sync::never;
  return settings;
}

unsigned forced = 0;         // files, to the disk
bool refuses_force = false;  // as a disk that is broken

/// A record that takes just so many octets of the spool, those included that say it is done.
Record sized(unsigned number, size_t size, RecordKind kind = RecordKind::alert) {
  size_t head = packed_size(numbered(number, kind)) + Segment::done_entry_size;
  return numbered(number, kind, "", size - head);
}

}  // namespace

// What the spool calls: ours is found before the C library's.
extern "C" int fdatasync(int file) {
  ++forced;
  if (refuses_force) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(syscall(SYS_fdatasync, file));
}

TEST_CASE("Spool: what is appended is read in order, whole, from any place", "[spool]") {
  Directory directory;
  Spool spool(directory.path(), small());
  CHECK(spool.waiting() == 0);
  CHECK_FALSE(spool.oldest());
  std::vector<Record> records;
  SpoolPosition last = 0;
  for (unsigned i = 0; i < 20; ++i) {
    records.push_back(numbered(i, static_cast<RecordKind>(i % 5), "k" + std::to_string(i), i));
    auto position = spool.append(records.back());
    REQUIRE(position);
    CHECK(*position > last);
    last = *position;
  }
  auto entries = all(spool);
  REQUIRE(entries.size() == 20);
  for (size_t i = 0; i < 20; ++i) {
    CHECK(entries[i].record == records[i]);
    CHECK(ids(spool.read(entries[i].position, 3, 1 << 20)) ==
          numbers(static_cast<unsigned>(i) + 1, std::min(20U, static_cast<unsigned>(i) + 4)));
  }
  CHECK(spool.read(0, 0, 1 << 20).empty());
  CHECK(ids(spool.read(0, 20, 0)) == numbers(0, 1));  // one, or nothing would ever go on
  CHECK(ids(spool.read(0, 20, 2 * packed_size(records[0]) + 1)) == numbers(0, 2));
  CHECK(spool.waiting() == 20);
  CHECK(spool.oldest() == records[0].time);
  CHECK(spool.size() == disk_size(directory.path()));
}

TEST_CASE("Spool: any text survives, and any that is empty", "[spool]") {
  Directory directory;
  Record odd{RecordKind::digest,
             Timestamp::min(),
             std::string("\0\n\x1eTW\x1f\xff", 7),
             std::string(3, '\0'),
             "\n",
             "",
             Severity::critical};
  Record large{RecordKind::alert, Timestamp::max(), std::string(300'000, '\x1e'), "", "", ""};
  {
    Spool spool(directory.path(), small());
    REQUIRE(spool.append(odd));
    REQUIRE(spool.append(Record{}));
    REQUIRE(spool.append(large));
  }
  Spool spool(directory.path(), small());
  auto entries = all(spool);
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].record == odd);
  CHECK(entries[1].record == Record{});
  CHECK(entries[2].record == large);
  CHECK(spool.counters().damaged == 0);
}

TEST_CASE("Spool: what is done, in whatever order, is not read again, before or after a restart",
          "[spool]") {
  Directory directory;
  std::vector<SpoolPosition> positions;
  {
    Spool spool(directory.path(), small(1 << 20, 1000));
    for (unsigned i = 0; i < 100; ++i) positions.push_back(*spool.append(numbered(i)));
    CHECK(segments(directory.path()) > 10);
    std::vector<unsigned> order(90);
    for (unsigned i = 0; i < 90; ++i) order[i] = i;
    std::shuffle(order.begin(), order.end(), std::minstd_rand(7));
    for (unsigned i : order) {
      if (i % 10 == 3) continue;
      CHECK(spool.waits(positions[i]));
      spool.done(positions[i]);
      CHECK_FALSE(spool.waits(positions[i]));
      spool.done(positions[i]);  // again: nothing
    }
    spool.done(0);
    spool.done(SpoolPosition{4711} << 32);
    CHECK(spool.waiting() == 19);
    CHECK(spool.oldest() == numbered(3).time);
  }
  Spool spool(directory.path(), small(1 << 20, 1000));
  Ids expected{"i3", "i13", "i23", "i33", "i43", "i53", "i63", "i73", "i83"};
  for (const std::string& id : numbers(90, 100)) expected.push_back(id);
  CHECK(ids(spool) == expected);
  CHECK(spool.waiting() == 19);
  CHECK(spool.size() == disk_size(directory.path()));
  CHECK(*spool.append(numbered(100)) > positions.back());
}

TEST_CASE("Spool: segments of which all is done are removed, and positions go on", "[spool]") {
  Directory directory;
  SpoolPosition last = 0;
  for (int run = 0; run < 5; ++run) {
    Spool spool(directory.path(), small(1 << 20, 1000));
    CHECK(spool.waiting() == 0);
    for (unsigned i = 0; i < 50; ++i) {
      auto position = spool.append(numbered(i));
      REQUIRE(position);
      CHECK(*position > last);
      last = *position;
    }
    for (const Spool::Entry& entry : all(spool)) spool.done(entry.position);
    CHECK(spool.waiting() == 0);
    CHECK(segments(directory.path()) == 1);
    CHECK(spool.size() <= 1000 + 12 * 50);
  }
  CHECK(segments(directory.path()) == 1);
  CHECK(disk_size(directory.path()) == 0);
  for (int run = 0; run < 2; ++run) Spool idle(directory.path(), small());
  CHECK(*Spool(directory.path(), small()).append(numbered(0)) > last);
}

TEST_CASE("Spool: files are forced to disk as the settings say", "[spool]") {
  using enum SpoolSettings::Sync;
  Directory directory;
  auto forcer = std::make_shared<Forcer>();
  auto forced_by = [&](SpoolSettings::Sync sync, std::vector<RecordKind> kinds) {
    SpoolSettings settings = small();
    settings.sync = sync;
    Spool spool(directory.path(), settings, forcer);
    forced = 0;
    for (RecordKind kind : kinds) spool.append(numbered(0, kind));
    CHECK(forced == 0);
    forcer->force();
    unsigned once = forced;
    forcer->force();  // a round without a record
    CHECK(forced == once);
    return once;
  };
  CHECK(forced_by(never, {RecordKind::alert}) == 0);
  CHECK(forced_by(alerts, {RecordKind::device, RecordKind::summary}) == 0);
  CHECK(forced_by(alerts, {RecordKind::device, RecordKind::alert, RecordKind::device}) == 1);
  CHECK(forced_by(alerts, {RecordKind::health}) == 1);
  CHECK(forced_by(always, {RecordKind::device, RecordKind::device}) == 1);

  // Segments that were filled meanwhile are forced too, and one that is gone does no harm.
  SpoolSettings settings = small(1 << 20, 1000);
  settings.sync = alerts;
  Spool spool(directory.path() / "small", settings, forcer);
  forced = 0;
  for (unsigned i = 0; i < 3; ++i) spool.append(sized(i, 600));
  forcer->force();
  CHECK(forced == 3);

  auto position = spool.append(sized(9, 600));
  spool.append(sized(10, 600));
  spool.done(*position);  // the last one of its segment
  CHECK(segments(directory.path() / "small") == 4);
  forced = 0;
  forcer->force();
  CHECK(forced == 2);
  CHECK(spool.counters().failures == 0);

  spool.append(numbered(3));
  refuses_force = true;
  forcer->force();
  refuses_force = false;
  CHECK(spool.counters().failures == 1);
  CHECK(ids(spool) == Ids{"i0", "i1", "i2", "i10", "i3"});
}

TEST_CASE("Spool: a directory belongs to one at a time", "[spool]") {
  Directory directory;
  auto failure = [&](const fs::path& path) {
    try {
      Spool spool(path, small());
    } catch (const std::system_error& error) {
      return error.code();
    }
    return std::error_code();
  };
  {
    Spool spool(directory.path() / "a" / "b", small());
    CHECK_THROWS_WITH(Spool(directory.path() / "a" / "b", small()),
                      Catch::Matchers::EndsWith("a/b: another agent has this spool"));
  }
  CHECK_FALSE(failure(directory.path() / "a" / "b"));
  directory.write("file", "");
  CHECK(failure(directory.path() / "file") == std::errc::not_a_directory);
  // Files of other names are left alone; what a crash left of its own is not.
  fs::path own = directory.path() / "own";
  directory.write("own/notes.txt", "mine");
  directory.write("own/x1.seg", "mine");
  directory.write("own/00000004.done", "an orphan");
  directory.write("own/00000003.new", "half");
  CHECK_FALSE(failure(own));
  CHECK(contents(own / "notes.txt") == "mine");
  CHECK(contents(own / "x1.seg") == "mine");
  CHECK_FALSE(fs::exists(own / "00000004.done"));
  CHECK_FALSE(fs::exists(own / "00000003.new"));
}

TEST_CASE("Spool: a directory that somebody took away is made again, and is nobody else's",
          "[spool]") {
  Directory directory;
  fs::path path = directory.path() / "state" / "spool";
  {
    Spool spool(path, small());
    for (unsigned i = 0; i < 3; ++i) REQUIRE(spool.append(numbered(i)));
    fs::remove_all(directory.path() / "state");
    for (unsigned i = 3; i < 5; ++i) REQUIRE(spool.append(numbered(i)));
    CHECK_THROWS_AS(Spool(path, small()), std::runtime_error);
    CHECK(ids(spool) == numbers(3, 5));
    CHECK(spool.counters().damaged == 3);
    // Where it cannot be made the record is refused, and taken when it can.
    fs::remove_all(directory.path() / "state");
    directory.write("state", "no directory");
    uint64_t failures = spool.counters().failures;
    CHECK_FALSE(spool.append(numbered(5)));
    CHECK(spool.counters().failures == failures + 1);
    fs::remove(directory.path() / "state");
    REQUIRE(spool.append(numbered(5)));
  }
  Spool spool(path, small());
  CHECK(ids(spool) == numbers(5, 6));
  CHECK(spool.counters().damaged == 0);
}

TEST_CASE("Spool: a segment cut anywhere gives all records before the cut", "[spool]") {
  Directory directory;
  std::vector<size_t> ends;  // of the records
  {
    Spool spool(directory.path() / "whole", small());
    for (unsigned i = 0; i < 5; ++i) {
      spool.append(numbered(i, RecordKind::alert, "key"));
      ends.push_back(spool.size());
    }
  }
  std::string whole = contents(directory.path() / "whole" / "00000001.seg");
  REQUIRE(whole.size() == ends.back());
  for (size_t cut = 0; cut <= whole.size(); ++cut) {
    fs::path path = directory.path() / std::to_string(cut);
    fs::create_directory(path);
    put(path / "00000001.seg", whole.substr(0, cut));
    auto count = static_cast<unsigned>(std::ranges::upper_bound(ends, cut) - ends.begin());
    bool is_torn = cut != (count == 0 ? 0 : ends[count - 1]);
    {
      Spool spool(path, small());
      REQUIRE(ids(spool) == numbers(0, count));
      REQUIRE(spool.counters().damaged == (is_torn ? 1 : 0));
      REQUIRE(spool.append(numbered(5)));
      REQUIRE(spool.waiting() == count + 1);
    }
    Spool spool(path, small());  // the torn end was cut off: it is not counted again
    REQUIRE(spool.counters().damaged == 0);
    REQUIRE(spool.waiting() == count + 1);
    REQUIRE(ids(spool).back() == "i5");
    fs::remove_all(path);
  }
}

TEST_CASE("Spool: any flipped bit of a segment costs the record it is in and no other", "[spool]") {
  Directory directory;
  std::vector<size_t> ends;
  {
    Spool spool(directory.path() / "whole", small());
    for (unsigned i = 0; i < 4; ++i) {
      spool.append(numbered(i, static_cast<RecordKind>(i), "key"));
      ends.push_back(spool.size());
    }
  }
  std::string whole = contents(directory.path() / "whole" / "00000001.seg");
  fs::path path = directory.path() / "flipped";
  fs::create_directory(path);
  put(path / "00000001.seg", whole);
  for (size_t bit = 0; bit < whole.size() * 8; ++bit) {
    flip(path / "00000001.seg", bit);
    Ids expected = numbers(0, 4);
    expected.erase(expected.begin() + (std::ranges::upper_bound(ends, bit / 8) - ends.begin()));
    Spool spool(path, small());
    REQUIRE(ids(spool) == expected);
    REQUIRE(spool.waiting() == 3);
    REQUIRE(spool.counters().damaged == 1);
    size_t left = fs::file_size(path / "00000001.seg");  // without the last, if it was in that
    if (left == whole.size())
      flip(path / "00000001.seg", bit);
    else
      std::ofstream(path / "00000001.seg", std::ios::binary | std::ios::app) << whole.substr(left);
  }
}

TEST_CASE("Spool: a flipped bit or a cut in what says that records are done hides none that waits",
          "[spool]") {
  Directory directory;
  {
    Spool spool(directory.path() / "whole", small());
    for (unsigned i = 0; i < 10; ++i) spool.append(numbered(i));
    auto entries = all(spool);
    for (size_t i : {1, 2, 3, 7}) spool.done(entries[i].position);
  }
  std::string records = contents(directory.path() / "whole" / "00000001.seg");
  std::string done = contents(directory.path() / "whole" / "00000001.done");
  REQUIRE(done.size() == 2 * 12);
  fs::path path = directory.path() / "changed";
  auto read = [&](const std::string& changed) {
    fs::create_directory(path);
    put(path / "00000001.seg", records);
    put(path / "00000001.done", changed);
    Ids found;
    {
      Spool spool(path, small());
      found = ids(spool);
      spool.done(all(spool)[0].position);
    }
    {
      Spool spool(path, small());
      REQUIRE(ids(spool) == Ids(found.begin() + 1, found.end()));
    }
    fs::remove_all(path);
    return found;
  };
  const Ids both{"i0", "i4", "i5", "i6", "i8", "i9"};
  const Ids first{"i0", "i4", "i5", "i6", "i7", "i8", "i9"};
  const Ids second{"i0", "i1", "i2", "i3", "i4", "i5", "i6", "i8", "i9"};
  REQUIRE(read(done) == both);
  for (size_t cut = 0; cut < done.size(); ++cut)
    REQUIRE(read(done.substr(0, cut)) == (cut < 12 ? numbers(0, 10) : first));
  for (size_t bit = 0; bit < done.size() * 8; ++bit) {
    std::string flipped = done;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    REQUIRE(read(flipped) == (bit / 8 < 12 ? second : first));
  }
}

TEST_CASE("Spool: whatever a disk makes of a segment, what is read was written", "[spool]") {
  Directory directory;
  std::vector<Record> records;
  {
    Spool spool(directory.path() / "whole", small());
    for (unsigned i = 0; i < 30; ++i) {
      records.push_back(numbered(i, RecordKind::alert, "key", i * 7));
      spool.append(records.back());
    }
  }
  const std::string whole = contents(directory.path() / "whole" / "00000001.seg");
  fs::path path = directory.path() / "changed";
  fs::create_directory(path);
  std::minstd_rand random(5);
  for (int turn = 0; turn < 300; ++turn) {
    std::string octets = whole;
    for (unsigned change = 0; change <= static_cast<unsigned>(turn) % 4; ++change) {
      size_t begin = random() % octets.size();
      size_t size = std::min<size_t>(1 + random() % 400, octets.size() - begin);
      switch (random() % 4) {
        case 0:
          std::fill_n(octets.begin() + static_cast<long>(begin), size, '\0');
          break;
        case 1:
          octets.erase(begin, size);
          break;
        case 2:
          octets.insert(begin, octets.substr(random() % octets.size(), size));
          break;
        default:
          for (size_t i = begin; i < begin + size; ++i) octets[i] = static_cast<char>(random());
      }
    }
    fs::remove(path / "00000001.seg");
    put(path / "00000001.seg", octets);
    Spool spool(path, small());
    size_t next = 0;
    for (const Spool::Entry& entry : all(spool)) {
      while (next < records.size() && !(records[next] == entry.record)) ++next;
      REQUIRE(next < records.size());
      ++next;
    }
    REQUIRE((spool.waiting() == 30 || spool.counters().damaged > 0));
  }
}

TEST_CASE("Spool: a segment under another's name, or one that is twice there, is no records",
          "[spool]") {
  Directory directory;
  {
    Spool spool(directory.path(), small());
    for (unsigned i = 0; i < 3; ++i) spool.append(numbered(i));
  }
  std::string whole = contents(directory.path() / "00000001.seg");
  put(directory.path() / "00000001.seg", whole + whole);
  put(directory.path() / "00000002.seg", whole);
  Spool spool(directory.path(), small());
  CHECK(ids(spool) == numbers(0, 3));
  CHECK(spool.counters().damaged == 3 + 1);
}

TEST_CASE("Spool: records that rot while it is open are counted and no longer waited for",
          "[spool]") {
  Directory directory;
  Spool spool(directory.path(), small());
  std::vector<size_t> ends;
  for (unsigned i = 0; i < 6; ++i) {
    spool.append(numbered(i));
    ends.push_back(spool.size());
  }
  fs::path file = directory.path() / "00000001.seg";
  std::string octets = contents(file);
  octets[ends[1] + 30] ^= 1;  // the body of the third
  octets[ends[2] + 9] ^= 1;   // the head of the fourth
  octets[ends[5] - 1] ^= 1;   // the end of the last
  put(file, octets);
  CHECK(ids(spool) == Ids{"i0", "i1", "i4"});
  CHECK(spool.waiting() == 3);
  CHECK(spool.counters().damaged == 3);
  CHECK(ids(spool) == Ids{"i0", "i1", "i4"});
  CHECK(spool.counters().damaged == 3);

  fs::remove(file);  // all of it
  Spool other(directory.path() / "other", small(1 << 20, 300));
  for (unsigned i = 0; i < 6; ++i) other.append(numbered(i));
  fs::remove(directory.path() / "other" / "00000002.seg");
  size_t lost = 6 - ids(other).size();
  CHECK(lost >= 1);
  CHECK(other.counters().damaged == lost);
  CHECK(other.waiting() == 6 - lost);
}

TEST_CASE("Spool: inventory records make room first, of mixed segments too", "[spool]") {
  Directory directory;
  // Eight segments of 128 KiB, each with 128 records of 1 KiB: three alerts, then one
  // device.
  Spool spool(directory.path(), small());
  auto kind = [](unsigned i) { return i % 4 == 3 ? RecordKind::device : RecordKind::alert; };
  for (unsigned i = 0; i < 1024; ++i) REQUIRE(spool.append(sized(i, 1024, kind(i))));
  CHECK(spool.size() == 1024 * (1024 - 12));
  CHECK(spool.counters().dropped_devices == 0);
  CHECK(segments(directory.path()) == 8);

  // The first segment's 32 devices go, which is a quarter of a segment.
  REQUIRE(spool.append(sized(1024, 1024)));
  CHECK(spool.counters().dropped_devices == 32);
  CHECK(spool.counters().dropped_alerts == 0);
  CHECK(spool.waiting() == 1024 - 32 + 1);
  CHECK(spool.size() == disk_size(directory.path()));
  Ids expected;
  for (unsigned i = 0; i <= 1024; ++i) {
    if (i >= 128 || kind(i) == RecordKind::alert) expected.push_back("i" + std::to_string(i));
  }
  CHECK(ids(spool) == expected);

  // 7 * 32 more devices make room for as many alerts; no alert is lost until then.
  unsigned next = 1025;
  for (; spool.counters().dropped_alerts == 0; ++next) {
    REQUIRE(spool.append(sized(next, 1024)));
    REQUIRE(spool.size() <= 1 << 20);
  }
  CHECK(spool.counters().dropped_devices == 256);
  CHECK(next == 1024 + 256 + 1);                 // the last found no device left
  CHECK(spool.counters().dropped_alerts == 96);  // the oldest segment
  CHECK(spool.waiting() == 1024 + 1 - 96);
  CHECK(spool.counters().appended == next);
  CHECK(all(spool)[0].record.id == "i128");

  // With nothing but alerts a device is what is given up, and positions stay in order.
  while (spool.waiting() < 1024) REQUIRE(spool.append(sized(next++, 1024)));
  size_t waiting = spool.waiting();
  for (unsigned i = 0; i < 5; ++i) {
    auto position = spool.append(sized(next++, 1024, RecordKind::device));
    REQUIRE(position);
    CHECK_FALSE(spool.waits(*position));
  }
  CHECK(spool.counters().dropped_devices == 256 + 5);
  CHECK(spool.waiting() == waiting);
  CHECK(spool.counters().dropped_alerts == 96);
  CHECK(spool.counters().failures == 0);
  CHECK(spool.counters().damaged == 0);
}

TEST_CASE("Spool: whatever comes and goes, each record is counted once", "[spool]") {
  Directory directory;
  std::minstd_rand random(11);
  uint64_t done = 0, appended = 0, dropped = 0;
  for (int run = 0; run < 4; ++run) {
    Spool spool(directory.path(), small());
    std::vector<SpoolPosition> waiting;
    for (const Spool::Entry& entry : all(spool)) waiting.push_back(entry.position);
    for (unsigned i = 0; i < 1200; ++i) {
      auto kind = static_cast<RecordKind>(random() % 5);
      waiting.push_back(*spool.append(sized(i, 300 + random() % 900, kind)));
      if (random() % 3 == 0) {
        size_t which = random() % waiting.size();
        if (spool.waits(waiting[which])) ++done;
        spool.done(waiting[which]);
      }
      REQUIRE(spool.size() <= 1 << 20);
    }
    CHECK(spool.size() == disk_size(directory.path()));
    appended += spool.counters().appended;
    dropped += spool.counters().dropped_devices + spool.counters().dropped_alerts;
    CHECK((run == 0 || spool.counters().dropped_devices > 0));
    CHECK(appended == done + dropped + spool.waiting());
    CHECK(all(spool).size() == spool.waiting());
  }
}

TEST_CASE("Spool: the room of what is done is had back before anything is given up", "[spool]") {
  Directory directory;
  Spool spool(directory.path(), small());
  std::vector<SpoolPosition> positions;
  for (unsigned i = 0; i < 1024; ++i) positions.push_back(*spool.append(sized(i, 1024)));
  for (size_t i = 0; i < 1024; i += 2) spool.done(positions[i]);
  for (unsigned i = 1024; i < 1024 + 500; ++i) REQUIRE(spool.append(sized(i, 1024)));
  CHECK(spool.waiting() == 512 + 500);
  CHECK(spool.counters().dropped_alerts == 0);
  CHECK(spool.size() <= 1 << 20);
  CHECK(all(spool).size() == 512 + 500);
}

TEST_CASE("Spool: a record larger than the spool is refused, and only that", "[spool]") {
  Directory directory;
  Spool spool(directory.path(), small());
  REQUIRE(spool.append(numbered(0)));
  CHECK_FALSE(spool.append(sized(1, (1 << 20) + 1)));
  CHECK(spool.counters().failures == 1);
  CHECK(ids(spool) == numbers(0, 1));
  CHECK(spool.append(sized(2, 1 << 20)));  // all the others make room
  CHECK(ids(spool) == Ids{"i2"});
}

TEST_CASE("Spool: what is set aside is kept with its reason, in a bound", "[spool]") {
  Directory directory;
  Spool spool(directory.path(), small());
  Record bad = numbered(1, RecordKind::alert, "k\"1");
  bad.line = "no {JSON\n\x1b[31m\xff";
  spool.append(numbered(0, RecordKind::alert, "k0"));
  spool.append(bad);
  auto entries = all(spool);
  spool.set_aside(entries[0], "400: \"bad\"\r\n\x1b[0m");
  spool.set_aside(entries[1], std::string(100'000, 'e'));
  CHECK(spool.waiting() == 0);
  std::istringstream lines(contents(directory.path() / "set-aside.jsonl"));
  std::string line;
  REQUIRE(std::getline(lines, line));
  boost::json::value first = boost::json::parse(line);
  CHECK(first.at("error") == "400: \"bad\" [0m");
  CHECK(first.at("id") == "i0");
  CHECK(first.at("key") == "k0");
  CHECK(first.at("record").at("id") == "i0");
  REQUIRE(std::getline(lines, line));
  CHECK(line.find('\x1b') == std::string::npos);
  boost::json::value second = boost::json::parse(line);
  CHECK(second.at("record") == "no {JSON\n\x1b[31m\xef\xbf\xbd");
  CHECK(second.at("key") == "k\"1");
  CHECK(second.at("error").as_string().size() == 1000);
  CHECK_FALSE(std::getline(lines, line));

  {
    spool.append(numbered(3));
    FullDisk full(0);
    CHECK_FALSE(spool.set_aside(all(spool)[0], "400"));
    CHECK(spool.waiting() == 1);
    CHECK(spool.counters().failures == 1);
  }
  CHECK(spool.set_aside(all(spool)[0], "400"));
  CHECK(spool.waiting() == 0);

  Record large = numbered(2, RecordKind::alert, "", 1 << 20);
  for (int i = 0; i < 40; ++i) REQUIRE(keep_set_aside(directory.path(), large, "large"));
  CHECK(fs::file_size(directory.path() / "set-aside.jsonl") <= set_aside_max);
  CHECK(fs::file_size(directory.path() / "set-aside.old.jsonl") <= set_aside_max);
}

TEST_CASE("Spool: on a full disk append gives nothing, and all that was there stays",
          "[spool][disk]") {
  if (geteuid() != 0) {
    WARN("skipped: mounting a small file system needs root");
    return;
  }
  Directory directory;
  pid_t child = fork();
  if (child == 0) {  // a mount of its own, gone with it
    if (unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", directory.path().c_str(), "tmpfs", 0, "size=256k") != 0) {
      _exit(77);
    }
    auto expect = [line = 0](bool right) mutable {
      ++line;
      if (!right) _exit(line);
    };
    unsigned stored = 0;
    fs::path path = directory.path() / "spool";
    {
      Spool spool(path, small(16 << 20, 64 << 10));
      for (unsigned i = 0; i < 1000; ++i) {
        if (!spool.append(numbered(i, RecordKind::alert, "", 1000))) break;
        ++stored;
      }
      expect(stored > 100 && stored < 256);      // 1
      expect(spool.counters().failures == 1);    // 2
      expect(ids(spool) == numbers(0, stored));  // 3
      for (unsigned i = 0; i < 10; ++i)
        expect(!spool.append(numbered(i, RecordKind::alert, "", 1000)));  // 4-13
      expect(spool.counters().failures == 11);                            // 14
      expect(spool.size() == disk_size(path));                            // 15
      // A sink takes some: their segments go, and there is room again.
      auto entries = all(spool);
      for (size_t i = 0; i < 100; ++i) spool.done(entries[i].position);
      expect(spool.append(numbered(stored, RecordKind::alert, "", 1000)).has_value());  // 16
      expect(ids(spool) == numbers(100, stored + 1));                                   // 17
    }
    Spool spool(path, small(16 << 20, 64 << 10));
    expect(spool.counters().damaged == 0);  // 18
    Ids left = ids(spool);
    // What is done could not be written all the while; then it is told again.
    expect(left.size() >= stored + 1 - 100);  // 19
    expect(Ids(left.end() - static_cast<long>(stored + 1 - 100), left.end()) ==
           numbers(100, stored + 1));  // 20
    _exit(0);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) {
    WARN("skipped: no file system can be mounted here");
    return;
  }
  CHECK(WEXITSTATUS(status) == 0);
}
