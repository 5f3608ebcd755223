using System.Text;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Gateway.Caching.Store;

/// <summary>The scripts that run inside Redis for the cache. What they do is written in them.</summary>
internal static class CacheScripts
{
    /// <summary>Finds an entry.</summary>
    public static readonly RedisScript Look = Load("look");

    /// <summary>Keeps an entry.</summary>
    public static readonly RedisScript Keep = Load("keep");

    /// <summary>Gives rows of a scope.</summary>
    public static readonly RedisScript Rows = Load("rows");

    /// <summary>Adds to a day's figures.</summary>
    public static readonly RedisScript Tally = Load("tally");

    private static RedisScript Load(string name)
    {
        using var stream = typeof(CacheScripts).Assembly.GetManifestResourceStream("Cache/" + name) ?? throw new InvalidOperationException($"The script {name} is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new("cache_" + name, reader.ReadToEnd());
    }
}
