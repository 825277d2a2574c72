// SPDX-License-Identifier: Apache-2.0
// An agent that is killed again and again while alerts are under way: a child that takes and
// delivers 10,000 of them, and what arrived at the other side, which outlives it.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <map>
#include <random>

#include "support/catch.hpp"
#include "support/records.hpp"
#include "support/scripted_sink.hpp"

using namespace tapwarden;
using namespace tapwarden::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

constexpr unsigned kRecords = 10'000;
constexpr unsigned kKeys = 97;
constexpr size_t kBatch = 16;
constexpr unsigned kKills = 55;

Record alert(unsigned number) {
  return numbered(number, RecordKind::alert, "k" + std::to_string(number % kKeys), number % 300);
}

void write_or_exit(int file, const void* octets, size_t size) {
  if (::write(file, octets, size) != static_cast<ssize_t>(size)) _exit(3);
}

/// The other side: it takes each message whole or not at all, and one in twenty it wants again. Of
/// one run it takes no more than `taken_max`: however late the kill comes, it comes in the midst.
Script receiver(int arrivals, uint64_t taken_max) {
  return [arrivals, taken_max, count = uint64_t{0},
          random = std::minstd_rand(static_cast<unsigned>(getpid()))](
             std::span<const Message> batch) mutable {
    std::vector<Delivery> deliveries;
    if (count >= taken_max) return deliveries;
    bool is_down = random() % 20 == 0;
    for (const Message& message : batch) {
      deliveries.push_back(is_down || random() % 20 == 0 ? down : taken);
      if (deliveries.back().outcome != Outcome::delivered) continue;
      std::string arrival = message.id + " " + message.text;
      write_or_exit(arrivals, arrival.data(), arrival.size());
      ++count;
    }
    return deliveries;
  };
}

/// Takes from where the one before it was killed; what that one took last may not be noted.
[[noreturn]] void agent(const fs::path& directory, int arrivals, uint64_t taken_max) {
  int noted = ::open((directory / "noted").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  auto next = static_cast<unsigned>(fs::file_size(directory / "noted"));
  Delivering out;
  out.settings.retry_min = 1ms;
  out.settings.retry_max = 3ms;
  out.settings.queue = 200;
  out.settings.spool.size_max = 16 << 20;
  out.settings.spool.segment_size = 64 << 10;
  out.sink->batch_max = kBatch;
  out.sink->script = receiver(arrivals, taken_max);
  boost::asio::io_context& loop = out.loop;
  Outbox outbox(loop.get_executor(), out.settings, directory / "spool",
                std::make_unique<ScriptedSink>(loop.get_executor(), out.sink), {});
  while (next < kRecords || !outbox.is_idle()) {
    for (int i = 0; i < 15 && next < kRecords; ++i, ++next) {
      outbox.take(alert(next));
      write_or_exit(noted, "", 1);
    }
    loop.run_one_for(1ms);
    loop.poll();
  }
  _exit(outbox.status().spool.damaged == 0 && outbox.status().counters.lost == 0 ? 0 : 4);
}

/// What has come since.
void receive(int socket, Lines& arrivals) {
  char octets[4096];
  for (ssize_t size; (size = ::recv(socket, octets, sizeof octets, MSG_DONTWAIT)) > 0;)
    arrivals.emplace_back(octets, static_cast<size_t>(size));
}

}  // namespace

TEST_CASE("Outbox: killed at 55 random moments it delivers each of 10,000 alerts, in order per key",
          "[outbox][crash]") {
  Directory directory;
  directory.write("noted", "");
  int sockets[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets) == 0);
  Lines arrivals;
  std::mt19937 random(std::random_device{}());
  unsigned kills = 0;
  int status = 0;
  auto end = std::chrono::steady_clock::now() + 100s;
  for (bool is_over = false; !is_over && std::chrono::steady_clock::now() < end;) {
    pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) agent(directory.path(), sockets[1], kills < kKills ? 150 : ~uint64_t{0});
    uint64_t target = kills < kKills ? arrivals.size() + random() % 150 : ~uint64_t{0};
    while (waitpid(child, &status, WNOHANG) == 0) {
      receive(sockets[0], arrivals);
      if (arrivals.size() >= target || std::chrono::steady_clock::now() > end) {
        usleep(static_cast<useconds_t>(random() % 3000));
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        break;
      }
      usleep(200);
    }
    is_over = !WIFSIGNALED(status);
    kills += !is_over;
  }
  receive(sockets[0], arrivals);
  ::close(sockets[0]);
  ::close(sockets[1]);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
  REQUIRE(kills == kKills);

  std::map<unsigned, unsigned> times;
  std::map<unsigned, unsigned> newest;  // of each key, by what came for the first time
  for (const std::string& arrival : arrivals) {
    auto number = static_cast<unsigned>(std::stoul(arrival.substr(1)));
    Record expected = alert(number);
    REQUIRE(arrival == expected.id + " " + expected.line);  // a second time it is the same
    if (++times[number] > 1) continue;
    auto [last, is_first] = newest.try_emplace(number % kKeys, number);
    REQUIRE((is_first ? number == number % kKeys : number == last->second + kKeys));
    last->second = number;
  }
  CHECK(times.size() == kRecords);
  // Again come the batch under way and the one that was taken and not noted.
  CHECK(arrivals.size() - kRecords <= kills * (kBatch + 1));
}
