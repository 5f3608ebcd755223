using System.Globalization;
using System.Text;

namespace AspireGateway.Shared.Redis;

/// <summary>What a new connection must go through before calls are sent on it.</summary>
/// <remarks>1. The password. 2. INFO: a loaded primary? 3. The database. 4. The scripts. 5. The clock, a few times for one quick answer.</remarks>
internal sealed class RedisHandshake(RedisOptions options, RedisCallPool pool, IReadOnlyList<RedisScript> scripts)
{
    private const int ClockQuestions = 3;

    /// <summary>The server's <c>run_id</c>.</summary>
    public string RunId { get; private set; } = "";

    /// <summary>The server's <c>maxmemory_policy</c>.</summary>
    public string MaxMemoryPolicy { get; private set; } = "";

    /// <summary>Runs the steps; each may take as long as a connection may.</summary>
    /// <returns>Empty when the connection can be used, else why not in a word.</returns>
    public async Task<string> RunAsync(RedisConnection connection, ServerClock clock)
    {
        if (options.Password is { } password)
        {
            string[] words = options.User is { } user ? ["AUTH", user, password] : ["AUTH", password];
            if (await AskAsync(connection, words) is { } refused) return refused.Length > 0 ? "auth" : Lost(connection);
        }
        var fault = await ReadInfoAsync(connection);
        if (fault.Length > 0) return fault;
        if (options.Database != 0 && await AskAsync(connection, "SELECT", options.Database.ToString(CultureInfo.InvariantCulture)) is { } noDatabase)
            return noDatabase.Length > 0 ? "refused" : Lost(connection);
        foreach (var script in scripts)
            if (await LoadAsync(connection, script) is { } notLoaded) return notLoaded.Length > 0 ? "script" : Lost(connection);
        for (var i = 0; i < ClockQuestions; i++)
            if (await clock.AskAsync(connection, options.ConnectTimeout) is not RedisOutcome.Ok and var outcome) return outcome == RedisOutcome.Error ? "refused" : Lost(connection);
        return "";
    }

    private static string Lost(RedisConnection connection) => connection.Closed.IsCompleted ? "connection_lost" : "connect_timeout";

    private async Task<string> ReadInfoAsync(RedisConnection connection)
    {
        using var call = pool.Rent();
        call.Begin(1);
        call.Arg("INFO"u8);
        var refused = await SendAsync(connection, call);
        if (refused is not null)
        {
            if (refused.Length == 0) return Lost(connection);
            return refused switch { "NOAUTH" or "WRONGPASS" or "NOPERM" => "auth", "LOADING" => "loading", _ => "refused" };
        }
        var info = call.Reply.Bytes;
        RunId = Field(info, "\nrun_id:"u8);
        MaxMemoryPolicy = Field(info, "\nmaxmemory_policy:"u8);
        if (Field(info, "\nloading:"u8) == "1") return "loading";
        return Field(info, "\nrole:"u8) == "slave" ? "replica" : "";
    }

    private async Task<string?> LoadAsync(RedisConnection connection, RedisScript script)
    {
        using var call = pool.Rent();
        call.Begin(3);
        call.Arg("SCRIPT"u8);
        call.Arg("LOAD"u8);
        call.Arg(script.Text.Span);
        return await SendAsync(connection, call);
    }

    private async Task<string?> AskAsync(RedisConnection connection, params string[] words)
    {
        using var call = pool.Rent();
        call.Begin(words.Length);
        foreach (var word in words) call.Arg(word);
        return await SendAsync(connection, call);
    }

    // Null when answered, the first word of a refusal, empty when there was no answer.
    private async Task<string?> SendAsync(RedisConnection connection, RedisCall call)
    {
        if (!connection.TrySend(call, options.ConnectTimeout)) return "";
        var outcome = await call.AsTask();
        if (outcome == RedisOutcome.Ok) return null;
        if (outcome != RedisOutcome.Error) return "";
        var text = call.Reply.Bytes;
        var space = text.IndexOf((byte)' ');
        return Encoding.ASCII.GetString(space < 0 ? text : text[..space]);
    }

    private static string Field(ReadOnlySpan<byte> info, ReadOnlySpan<byte> name)
    {
        var at = info.IndexOf(name);
        if (at < 0) return "";
        var value = info[(at + name.Length)..];
        var end = value.IndexOfAny((byte)'\r', (byte)'\n');
        return Encoding.ASCII.GetString(end < 0 ? value : value[..end]);
    }
}
