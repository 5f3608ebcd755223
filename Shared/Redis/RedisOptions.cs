using System.Globalization;
using System.Net;

namespace AspireGateway.Shared.Redis;

/// <summary>Where Redis is and how long it may take.</summary>
public sealed record RedisOptions
{
    private const int DefaultPort = 6379, MostConnectMs = 60_000;

    // Options of StackExchange.Redis that mean nothing here, so that one connection string serves both.
    private static readonly HashSet<string> Ignored = new(StringComparer.OrdinalIgnoreCase)
    {
        "abortConnect", "allowAdmin", "asyncTimeout", "channelPrefix", "checkCertificateRevocation", "configChannel", "configCheckSeconds", "connectRetry",
        "heartbeatInterval", "heartbeatConsistencyChecks", "highIntegrity", "highPriorityThreads", "keepAlive", "name",
        "preserveAsyncOrder", "protocol", "resolveDns", "responseTimeout", "setlib", "sslHost", "sslProtocols", "syncTimeout", "tiebreaker", "version",
        "writeBuffer",
    };

    /// <summary>The servers, tried in turn until one is a primary.</summary>
    public required IReadOnlyList<DnsEndPoint> Endpoints { get; init; }

    /// <summary>The password, or null when none is asked for.</summary>
    public string? Password { get; init; }

    /// <summary>The user of the password, or null for Redis's default user.</summary>
    public string? User { get; init; }

    /// <summary>Whether the connection is encrypted; the certificate must then be valid for the server's name.</summary>
    public bool Tls { get; init; }

    /// <summary>The logical database, 0 or more.</summary>
    public int Database { get; init; }

    /// <summary>How long a call may take, its wait in the queue included, when it does not say so itself.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a new connection may take until the server has answered on it.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The pause before each attempt to connect again.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// So many time-outs without an answer between them close the connection, 1 or more; not before as many one after the other would have taken, for
    /// calls that were sent together time out together, and a server that only paused answers soon.
    /// </summary>
    public int TimeoutsToTrip { get; init; } = 3;

    /// <summary>Most calls that may wait for their sending or their answer, abandoned ones included; further ones are not sent.</summary>
    public int MaxInFlight { get; init; } = 16_384;

    /// <summary>
    /// Reads StackExchange.Redis's form: <c>host:port[,host:port...][,password=..][,user=..][,ssl=true][,defaultDatabase=n][,connectTimeout=ms]</c>. Its other options are
    /// passed over, except <c>serviceName</c>, which asks for Sentinel.
    /// </summary>
    /// <exception cref="FormatException">It is something else. The message names the item by its place and never quotes it, for it may be part of a password.</exception>
    public static RedisOptions Parse(string connectionString)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        var endpoints = new List<DnsEndPoint>();
        var options = new RedisOptions { Endpoints = endpoints };
        var place = 0;
        foreach (var item in connectionString.Split(',', StringSplitOptions.TrimEntries))
        {
            place++;
            if (item.Length == 0) continue;
            var equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) endpoints.Add(ReadEndpoint(item) ?? throw Fault(place, "is no host:port"));
            else options = options.With(item[..equals].Trim(), item[(equals + 1)..].Trim(), place);
        }
        return endpoints.Count > 0 ? options : throw new FormatException("The Redis connection string names no server: host:port[,password=...][,ssl=true]");
    }

    /// <summary>Without the password.</summary>
    public override string ToString() => string.Join(',', Endpoints.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Host}:{e.Port}")));

    private RedisOptions With(string option, string value, int place) => option.ToUpperInvariant() switch
    {
        "PASSWORD" => this with { Password = value.Length > 0 ? value : null },
        "USER" => this with { User = value.Length > 0 ? value : null },
        "SSL" => this with { Tls = bool.TryParse(value, out var tls) ? tls : throw Fault(place, "is neither true nor false") },
        "DEFAULTDATABASE" => this with
        {
            Database = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Fault(place, "is no number of a database"),
        },
        "CONNECTTIMEOUT" => this with
        {
            ConnectTimeout = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is > 0 and <= MostConnectMs
                ? TimeSpan.FromMilliseconds(limit) : throw Fault(place, "is no number of milliseconds from 1 to 60,000"),
        },
        "SERVICENAME" => throw Fault(place, "asks for Sentinel, which is not supported"),
        _ => Ignored.Contains(option) || option.StartsWith('$') ? this : throw Fault(place, "is not a known option"),
    };

    // [address]:port for IPv6, else name or address, with or without a port.
    private static DnsEndPoint? ReadEndpoint(string item)
    {
        var colon = item.LastIndexOf(':');
        var hasPort = colon > item.LastIndexOf(']');
        var host = (hasPort ? item[..colon] : item).Trim('[', ']');
        var port = DefaultPort;
        if (hasPort && !int.TryParse(item.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)) return null;
        return port is > 0 and <= ushort.MaxValue && Uri.CheckHostName(host) != UriHostNameType.Unknown ? new DnsEndPoint(host, port) : null;
    }

    private static FormatException Fault(int place, string problem) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Item {place} of the Redis connection string {problem}: host:port[,password=...][,ssl=true]"));
}
