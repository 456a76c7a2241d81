/*
 * cardwright.hpp - C++17 over cardwright.h, header only: all of it, in types of C++.
 *
 * What is owned goes by itself. Codes are exceptions, or results: each function `f` that can fail has a twin `try_f`
 * that returns a Result, also for programs without exceptions. Enumerations are types; what may be absent is a
 * std::optional, a time a std::chrono, a text std::string_view in and std::string out; lists are ranges.
 * cardwright.h has the conventions, and says of each function what it does and by which codes it fails. A class that may
 * be shared between threads says so.
 *
 *     cardwright/enumerations.hpp  Operation, State, Code …: the enumerations, written from cardwright.h
 *     cardwright/result.hpp        Error, Result; Span, Bytes, String; Indexed, Once: ranges
 *     cardwright/values.hpp        name, from_name, Set; date; serial_match, serial_spell, hex; verdict, after, legal
 *     cardwright/cards.hpp         Atr, Identity
 *     cardwright/messages.hpp      Call, Site, Reply, List, View, Probe: for programs that move the bytes themselves
 *     cardwright/handle.hpp        Handle; log
 *     cardwright/options.hpp       Options, SignIn, Oidc, ClientCertificate
 *     cardwright/client.hpp        Client, Card, Cards, Outcome; doctor
 *     cardwright/bulk.hpp          Bulk: one operation for many cards
 *     cardwright/reader.hpp        readers, Watch, Session
 *
 * With CARDWRIGHT_BARE the last five are empty, nothing allocates, throws or prints: texts and bytes lie in place
 * (CARDWRIGHT_TEXT_ROOM), input texts are not owned, and a failure that nobody asks for (`f`, not `try_f`) ends in
 * std::abort, unless there are exceptions. CARDWRIGHT_NO_CLIENT and CARDWRIGHT_NO_READER leave out clients or readers.
 */

#ifndef CARDWRIGHT_HPP
#define CARDWRIGHT_HPP

#include <cardwright/bulk.hpp>
#include <cardwright/cards.hpp>
#include <cardwright/client.hpp>
#include <cardwright/messages.hpp>
#include <cardwright/reader.hpp>

#endif /* CARDWRIGHT_HPP */
