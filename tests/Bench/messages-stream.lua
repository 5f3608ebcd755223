-- wrk script: the request of chat.lua in Anthropic's dialect, answered as a server-sent event stream.
ANTHROPIC, STREAM = true, true
dofile(debug.getinfo(1, "S").source:match("^@(.*)messages%-stream%.lua$") .. "chat.lua")
