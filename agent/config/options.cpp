// SPDX-License-Identifier: Apache-2.0
#include "config/options.hpp"

#include <fmt/format.h>

#include "config/row.hpp"

namespace tapwarden::config {

namespace {

using namespace std::chrono_literals;

template <typename Member>
Option<TapSettings> row(std::string key, Member TapSettings::*member, Kind kind, std::string help) {
  auto access = [member](auto& tap) -> auto& { return tap.*member; };
  return row<TapSettings>(std::move(key), access, kind, std::move(help));
}

template <typename Part, typename Member>
Option<Settings> row(std::string key, Part Settings::*part, Member Part::*member, Kind kind,
                     std::string help) {
  auto access = [ part, member ](auto& settings) -> auto& { return settings.*part.*member; };
  return row<Settings>(std::move(key), access, kind, std::move(help));
}

Option<Settings> protocol_row(const ProtocolRow& protocol) {
  auto access = [i = static_cast<size_t>(protocol.protocol)](auto& settings) -> auto& {
    return settings.protocols[i];
  };
  return row<Settings>(std::string(protocol.name), access, Flag{},
                       fmt::format("{} ({}).", protocol.title, protocol.standard));
}

Section protocols_section() {
  Section section{
      "protocols", "Which protocols are read; all unless one is switched off here.", {}};
  // Row 0 is the frame itself, which cannot be left unread.
  for (const ProtocolRow& protocol : protocol_table().subspan(1))
    section.options.push_back(protocol_row(protocol));
  return section;
}

constexpr std::string_view grades[] = {"possible", "probable", "confirmed"};
constexpr std::string_view levels[] = {"debug", "info", "warning", "error"};

}  // namespace

std::vector<Option<TapSettings>> tap_options() {
  return {
      row("interface", &TapSettings::interface, Name{},
          "The network interface, as the system calls it."),
      row("name", &TapSettings::name, Text{},
          "What records call this tap; the interface's name unless one is given here."),
      row("snaplen", &TapSettings::snaplen, Whole{64, 262144},
          "How many octets of each frame are read."),
      row("filter", &TapSettings::filter, Text{"filter"},
          "A filter in the language of pcap-filter(7): frames it does not take are left unread."),
      row("promiscuous", &TapSettings::promiscuous, Flag{},
          "Whether the interface takes frames to others, as a tap needs."),
      row("buffer", &TapSettings::buffer_size, Size{64 << 10, 1 << 30},
          "The kernel's buffer for this tap: frames wait there when Tapwarden is busy."),
      row("immediate", &TapSettings::immediate, Flag{},
          "Whether frames are handed over one by one instead of in blocks at most 100 ms late; the "
          "buffer then holds as many frames as snaplen goes into it."),
  };
}

std::vector<Section> sections() {
  auto policies = [](auto& settings) -> auto& { return settings.judge.policies; };
  return {
      protocols_section(),
      {"knowledge",
       "What Tapwarden knows of makers, beside what ships with it.",
       {row("directories", &Settings::knowledge, &Knowledge::directories,
            Texts{"paths, from the working directory where they are relative"},
            "Directories of your own rules, read after the shipped ones."),
        row("recog", &Settings::knowledge, &Knowledge::recog, Text{"path of a directory"},
            "A directory of rapid7's Recog (its *.xml), asked where no rule of ours matches.")}},
      {"networks",
       "Whose addresses are whose.",
       {row(
           "home", &Settings::networks, &Networks::home, Prefixes{},
           "Blocks of public addresses that are yours: what speaks from one of them is a device of "
           "yours, also behind a router. Private addresses always are.")}},
      {"",
       "",
       {row<Settings>("policies", policies, Texts{"policy ids"},
                      "The policies that devices are judged by, by their ids.")}},
      {"alerts",
       "Where alerts go, as one JSON object a line.",
       {row("file", &Settings::alerts, &Alerts::file, Output{},
            "A file that alerts are added to. It has no spool, as outputs have: what could not be "
            "written is lost when the agent ends."),
        row("stdout", &Settings::alerts, &Alerts::to_stdout, Flag{},
            "Whether alerts go to standard output."),
        row("grade", &Settings::judge, &JudgeSettings::grade, Choice{grades},
            "How sure a verdict must at least be to raise an alert."),
        row("authorisations", &Settings::alerts, &Alerts::authorisations,
            Texts{"paths, from the working directory where they are relative"},
            "Files that say which devices may be there, until when, by whose word and why."),
        row("absence", &Settings::inventory, &InventoryLimits::absence, Duration{1s, 8760h},
            "A device that was not seen for so long and is seen again has returned."),
        row("gather", &Settings::alert_life, &AlertSettings::gather, Duration{0s, 24h},
            "Further evidence and moves are gathered for so long and told together; an alert is "
            "raised at once."),
        row("resolve_after", &Settings::alert_life, &AlertSettings::resolve_after,
            Duration{0s, 87600h},
            "An alert about a device that was not seen for so long is resolved; 0s: never."),
        row("remind_after", &Settings::alert_life, &AlertSettings::remind_after,
            Duration{0s, 8760h},
            "An alert on which nobody acts is told again after so long; 0s: never.")}},
      {"storm",
       "How many alerts leave at a time. What is over is summed up in a digest, never dropped.",
       {row("policy_burst", &Settings::storm, &StormSettings::policy_burst, Whole{0, 1000000},
            "Alerts of one policy that may leave at once; 0: no bound."),
        row("policy_rate", &Settings::storm, &StormSettings::policy_rate, Whole{1, 1000000},
            "And then so many a minute."),
        row("burst", &Settings::storm, &StormSettings::burst, Whole{0, 1000000},
            "Alerts of all policies that may leave at once; 0: no bound."),
        row("rate", &Settings::storm, &StormSettings::rate, Whole{1, 1000000},
            "And then so many a minute."),
        row("digest", &Settings::storm, &StormSettings::digest, Duration{1s, 24h},
            "The time between two digests, where there is something to tell.")}},
      {"state",
       "What survives a restart: devices, alerts, and what outputs have not delivered yet.",
       {row("directory", &Settings::state, &State::directory, Text{"path of a directory"},
            "Where it is kept; without it everything is forgotten at the end."),
        row("keep", &Settings::state, &State::keep, Duration{24h, 87600h},
            "An alert that was resolved so long ago is forgotten, and a device that was not seen "
            "for "
            "so long and that no alert is about.")}},
      {"control",
       "Where operators reach the agent while it runs: tapwarden status, alerts, inventory, "
       "explain "
       "and reload.",
       {row("socket", &Settings::control, &Control::socket, Output{},
            "The socket; control.sock in state.directory unless one is given here, and none where "
            "there is neither."),
        row("group", &Settings::control, &Control::group, Text{"name of a group"},
            "Whoever is in this group may use it, beside the agent's own user.")}},
      {"sensor",
       "Who tells.",
       {row("name", &Settings::sensor, &Sensor::name, Text{},
            "What records call this agent; the machine's name unless one is given here.")}},
      {"snapshot",
       "The whole inventory, written from time to time.",
       {row("file", &Settings::snapshot, &Snapshot::file, Output{},
            "The file that each snapshot replaces."),
        row("interval", &Settings::snapshot, &Snapshot::interval, Duration{1s, 7 * 24h},
            "The time between two snapshots; one more is written at the end.")}},
      {"limits",
       "Bounds of what is kept in memory. What a bound turns away is counted.",
       {row("devices", &Settings::inventory, &InventoryLimits::devices, Whole{16, 16777216},
            "Devices in the inventory. A flagged one is never given up for one that is not; for "
            "another flagged one it is when its alerts are resolved and there is no other room."),
        row("claims_per_device", &Settings::inventory, &InventoryLimits::claims_per_device,
            Whole{4, 1024}, "Claims about one device."),
        row("addresses_per_device", &Settings::inventory, &InventoryLimits::addresses_per_device,
            Whole{1, 1024}, "IP addresses, MAC addresses and names of one device, each."),
        row("novelty", &Settings::novelty, &NoveltySettings::entries, Whole{1024, 16777216},
            "Facts remembered so that the same one is not sent again."),
        row("stream_directions", &Settings::streams, &StreamSettings::directions,
            Whole{64, 16777216}, "TCP directions remembered for each tap."),
        row("stream_heads", &Settings::streams, &StreamSettings::gathering, Whole{8, 65536},
            "Of these, how many are put together at a time."),
        row("stream_head_size", &Settings::streams, &StreamSettings::head_size, Whole{1024, 65536},
            "Octets looked at of each TCP direction."),
        row("datagrams", &Settings::fragments, &FragmentSettings::datagrams, Whole{1, 4096},
            "IP datagrams put together from fragments at a time for each tap, 64 KiB each."),
        row("queue", &Settings::queue, &Queue::size, Whole{64, 1048576},
            "Observations that wait between a tap and the inventory.")}},
      {"novelty",
       "What counts as news.",
       {row("hold", &Settings::novelty, &NoveltySettings::hold, Duration{1s, 24h},
            "A fact said again within this time is not sent again.")}},
      {"log",
       "What Tapwarden says of itself.",
       {row("level", &Settings::log, &Log::level, Choice{levels}, "The least that is told."),
        row("file", &Settings::log, &Log::file, Output{},
            "A file that messages are added to; standard error when there is none.")}},
  };
}

}  // namespace tapwarden::config
