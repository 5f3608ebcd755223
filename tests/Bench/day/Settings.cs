/// <summary>What day.sh started and how the day is played; from the environment.</summary>
sealed record Settings(
    string[] Gateways, int[] Pids, string Portal, int PortalPid, string AdminToken, string Mock, string Database, string Redis, string[] DataFolders, int Requests, double HourSeconds, int EveHours)
{
    public static Settings Read() => new(
        Text("GATEWAYS").Split(' '), [.. Text("GATEWAY_PIDS").Split(' ').Select(int.Parse)], Text("PORTAL"), int.Parse(Text("PORTAL_PID")), Text("ADMIN_TOKEN"), Text("MOCK"), Text("DATABASE"), Text("REDIS"),
        Text("DATA_FOLDERS").Split(' '), int.Parse(Text("REQUESTS")), double.Parse(Text("HOUR_SECONDS")), int.Parse(Text("EVE_HOURS")));

    static string Text(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : throw new InvalidOperationException($"{name} is not set; start day.sh");
}
