using System.Text;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Routing.Residency;

/// <summary>
/// Keeps a request within the regions that it may be processed in: those of its organisation, team, key, user, feature and declared classes of data, all of them
/// together. A hard filter before any order is made, so it binds fallbacks and hedges as well; a deployment whose region nobody set is in none.
/// </summary>
internal static class RegionFilter
{
    /// <summary>Why a candidate was dropped.</summary>
    public const string Dropped = "region";

    private const int MaxClasses = 8;

    /// <summary>Drops candidates outside; null = one is left, or none was there before.</summary>
    public static Refusal? Apply(Caller caller, RequestFacts? facts, string model, Span<Candidate> candidates)
    {
        if (!IsBound(caller, facts)) return null;
        var classes = ClassesOf(facts);
        if (Unknown(caller, classes) is { } unknown) return unknown;

        var (kept, dropped) = Narrow(caller, facts, classes, candidates);
        return kept > 0 || dropped == 0 ? null : Refusal.RegionNotAllowed(Explain(caller, facts, classes, model, candidates));
    }

    /// <summary>Drops candidates of a fallback that are outside.</summary>
    public static void Narrow(Caller caller, RequestFacts? facts, Span<Candidate> candidates)
    {
        if (!IsBound(caller, facts)) return;
        var classes = ClassesOf(facts);
        // One that is not defined is refused with the model's own candidates.
        if (Unknown(caller, classes) is null) Narrow(caller, facts, classes, candidates);
    }

    /// <summary>Whether a request may be processed in all of some regions; one that is bound may not where there are none.</summary>
    public static bool MayGoTo(Caller caller, RequestFacts? facts, string[] regions)
    {
        if (!IsBound(caller, facts)) return true;
        var classes = ClassesOf(facts);
        return regions.Length > 0 && Unknown(caller, classes) is null && Array.TrueForAll(regions, region => Allows(caller, facts, classes, region));
    }

    private static (int Kept, int Dropped) Narrow(Caller caller, RequestFacts? facts, string[] classes, Span<Candidate> candidates)
    {
        var (kept, dropped) = (0, 0);
        foreach (ref var candidate in candidates)
        {
            if (candidate.Dropped is not null) continue;
            if (Allows(caller, facts, classes, candidate.Deployment.Region))
            {
                kept++;
                continue;
            }
            candidate = candidate with { Dropped = Dropped };
            dropped++;
        }
        return (kept, dropped);
    }

    private static string[] ClassesOf(RequestFacts? facts) =>
        facts?.DataClass is { } declared ? declared.Split(',', MaxClasses + 1, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];

    // What most requests pay: a look at five lists.
    private static bool IsBound(Caller caller, RequestFacts? facts)
    {
        var steering = caller.Organisation.Steering;
        return steering.Regions.Length > 0 || caller.Team.AllowedRegions.Length > 0 || caller.Key.AllowedRegions.Length > 0
            || (facts is not null && (facts.DataClass is not null || (facts.UserId is { } user && steering.Users.ContainsKey(user))
                || (facts.Feature is { } feature && steering.Features.ContainsKey(feature))));
    }

    // A misspelt class must not leave its data unprotected.
    private static Refusal? Unknown(Caller caller, string[] classes)
    {
        const string Header = "x-gateway-data-class";
        if (classes.Length > MaxClasses) return Refusal.InvalidRequest($"Header '{Header}' may name at most {MaxClasses} classes.", Header);
        var known = caller.Organisation.Steering.DataClasses;
        foreach (var name in classes)
            if (!known.ContainsKey(name))
            {
                return Refusal.InvalidRequest(
                    $"Data class '{name}' is not defined in organisation '{caller.Organisation.Slug}'. {(known.Count == 0 ? "It defines none" : $"It defines {string.Join(", ", known.Keys.Order(StringComparer.Ordinal).Take(20))}")}; "
                    + "a platform engineer can add one in the portal under Residency.", Header);
            }
        return null;
    }

    private static bool Allows(Caller caller, RequestFacts? facts, string[] classes, string? region)
    {
        if (region is null) return false;
        var steering = caller.Organisation.Steering;
        if (!ModelPattern.AnyMatches(steering.Regions, region) || !ModelPattern.AnyMatches(caller.Team.AllowedRegions, region) || !ModelPattern.AnyMatches(caller.Key.AllowedRegions, region))
            return false;
        if (facts?.UserId is { } user && steering.Users.TryGetValue(user, out var ofUser) && !ModelPattern.AnyMatches(ofUser, region)) return false;
        if (facts?.Feature is { } feature && steering.Features.TryGetValue(feature, out var ofFeature) && !ModelPattern.AnyMatches(ofFeature, region)) return false;
        foreach (var name in classes)
            if (!ModelPattern.AnyMatches(steering.DataClasses[name], region)) return false;
        return true;
    }

    private static string Explain(Caller caller, RequestFacts? facts, string[] classes, string model, ReadOnlySpan<Candidate> candidates)
    {
        var steering = caller.Organisation.Steering;
        var text = new StringBuilder($"No deployment of model '{model}' is where this request may be processed. Allowed: ");
        var rules = 0;
        Add($"organisation '{caller.Organisation.Slug}'", steering.Regions);
        Add($"team '{caller.Team.Slug}'", caller.Team.AllowedRegions);
        Add($"key '{caller.Key.Name}'", caller.Key.AllowedRegions);
        if (facts?.UserId is { } user && steering.Users.TryGetValue(user, out var ofUser)) Add($"user '{user}'", ofUser);
        if (facts?.Feature is { } feature && steering.Features.TryGetValue(feature, out var ofFeature)) Add($"feature '{feature}'", ofFeature);
        foreach (var name in classes) Add($"data class '{name}'", steering.DataClasses[name]);
        text.Append(". Its deployments are in: ");
        var shown = 0;
        foreach (var candidate in candidates)
        {
            if (candidate.Dropped != Dropped) continue;
            if (shown == 10)
            {
                text.Append(", ...");
                break;
            }
            text.Append(shown++ > 0 ? ", " : "").Append(candidate.Deployment.Region ?? "no known region").Append(" (").Append(candidate.Deployment.Name).Append(')');
        }
        return text.Append(". Use another model, or let a platform engineer add a deployment in an allowed region.").ToString();

        void Add(string who, string[] regions)
        {
            if (regions.Length == 0) return;
            text.Append(rules++ > 0 ? " and " : "").AppendJoin(", ", regions).Append(" (").Append(who).Append(')');
        }
    }
}
