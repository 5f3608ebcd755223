using System.Reflection;

namespace AspireGateway.Gateway.Tests;

/// <summary>The house's order: a room knows only the rooms before it, the runner's types, the configuration and what is shared.</summary>
public sealed class ArchitectureTests
{
    // In the order in which a request meets them.
    private static readonly string[] Rooms = ["Ingress", "Routing", "Accounting", "Guardrails", "Caching", "Providers", "Egress", "PassThrough"];

    // The exchange has a slot for each room, so the runner's types know all rooms; these know where the journey begins and what it left behind.
    private static readonly string[] Exceptions =
    [
        "Ingress.JourneyEndpoints -> Egress", // answers 404 and 405 in the callers' error shape
        "Accounting.PriceUsage -> Providers", "Accounting.UsedUnits -> Providers", // read the reply's facts
        "Accounting.RecordUsage -> Providers", "Accounting.Limits.SettleSpend -> Providers", "Accounting.UsageRecordWriter -> Providers", "Accounting.UsageRecordWriter -> Guardrails", "Accounting.JourneyWriter -> Providers", "Accounting.JourneyWriter -> Guardrails", "Routing.Pins.ComparePin -> Providers", "Routing.Canaries.CountArms -> Providers", "Routing.Canaries.CountArms -> Accounting", // settle steps come after all rooms
    ];

    [Fact]
    public void Rooms_KnowOnlyTheRoomsBeforeThem()
    {
        const string Prefix = "AspireGateway.Gateway.";
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var type in typeof(Pipeline.Journey).Assembly.GetTypes())
        {
            if (RoomOf(type) is not { } room) continue;
            foreach (var used in Uses(type))
            {
                if (RoomOf(used) is not { } other || Array.IndexOf(Rooms, other) <= Array.IndexOf(Rooms, room)) continue;
                var outer = type;
                while (outer.DeclaringType is { } declaring) outer = declaring;
                var fault = $"{outer.FullName![Prefix.Length..]} -> {other}";
                if (!Exceptions.Contains(fault)) faults.Add(fault);
            }
        }
        Assert.Empty(faults);
    }

    private static string? RoomOf(Type type)
    {
        var parts = (type.Namespace ?? "").Split('.');
        return parts.Length > 2 && parts[1] == "Gateway" && Rooms.Contains(parts[2]) ? parts[2] : null;
    }

    private static IEnumerable<Type> Uses(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var field in type.GetFields(All)) yield return field.FieldType;
        foreach (var method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            foreach (var parameter in method.GetParameters()) yield return parameter.ParameterType;
            if (method is MethodInfo { ReturnType: var returned }) yield return returned;
            if (method.GetMethodBody() is { } body)
                foreach (var local in body.LocalVariables) yield return local.LocalType;
        }
    }
}
