-- wrk script: the request of chat.lua in Anthropic's dialect.
ANTHROPIC = true
dofile(debug.getinfo(1, "S").source:match("^@(.*)messages%.lua$") .. "chat.lua")
