-- Disables every card of a file, then enables them all, and so on. Each thread of wrk has cards of its own,
-- many more than connections: a card's Disable is answered long before its Enable is sent.

local threads = {}

function setup(thread)
   thread:set("number", #threads)
   threads[#threads + 1] = thread
end

function init(arguments)
   cards, at, word = {}, 0, "Disable"
   -- wrk has its first thread make a request that it never sends.
   is_sent = number > 0
   local line = 0
   for id in io.lines(arguments[1]) do
      if line % tonumber(arguments[2]) == number then
         cards[#cards + 1] = id
      end
      line = line + 1
   end
end

function request()
   if not is_sent then
      is_sent = true
      return wrk.format("GET", "/")
   end
   at = at + 1
   if at > #cards then
      at = 1
      word = word == "Disable" and "Enable" or "Disable"
   end
   return wrk.format("POST", "/certiflow/api/Cards/" .. cards[at] .. "/" .. word)
end
