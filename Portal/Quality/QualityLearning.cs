using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Portal.Quality;

/// <summary>
/// Works out quality from votes. A vote of age t weighs w = 2^(-t / half-life): exponential decay, so that what a model was like counts ever less (Gama, Žliobaitė, Bifet, Pechenizkiy,
/// Bouchachia, "A survey on concept drift adaptation", 2014, section 3.2.2: gradual forgetting). A user is one voice: the mean of the user's votes, weighing as all of them together, but
/// at most as <see cref="MostOfAUser"/> fresh ones. The mean of a cell is that of its users by these weights W. The interval is Wilson's, of n = min(ΣW, (ΣW)²/ΣW²) samples: the second is
/// the effective number of users (Kish, "Survey sampling", 1965: the design effect of unequal weights), the first lets certainty fade when no new votes come. Users that a key names itself
/// weigh together as so many of them at most: it could invent any number (decision 0130).
/// </summary>
internal static class QualityLearning
{
    /// <summary>What the votes of one user on a cell weigh at most, in fresh votes.</summary>
    public const double MostOfAUser = 5;

    // Below a hundredth no bar is decided; each change is a revision that every gateway loads.
    private const double Notable = 0.01;

    /// <summary>The cell of these users; null = too few of them voted.</summary>
    /// <param name="users">Each user's votes on one model at one task.</param>
    /// <param name="minUsers">How many users are enough.</param>
    /// <param name="maxUsersPerKey">As how many users those of one key weigh at most.</param>
    public static LearnedFigures? Of(IReadOnlyCollection<UserVotes> users, int minUsers, int maxUsersPerKey = int.MaxValue)
    {
        var named = users.Where(u => u.Key is not null).GroupBy(u => u.Key!.Value).ToDictionary(key => key.Key, key => key.Count());
        var most = Math.Max(1, maxUsersPerKey);
        if (users.Count - named.Values.Sum(count => Math.Max(0, count - most)) < Math.Max(1, minUsers)) return null;
        double sum = 0, squares = 0, scores = 0;
        foreach (var user in users)
        {
            var weight = Math.Min(user.Weight, MostOfAUser) * (user.Key is { } key ? Math.Min(1, (double)most / named[key]) : 1);
            sum += weight;
            squares += weight * weight;
            scores += weight * (user.WeightedScore / user.Weight);
        }
        var mean = Math.Clamp(scores / sum, 0, 1);
        var (lower, upper) = WilsonInterval.Of(mean, Math.Min(sum, sum * sum / squares));
        return new(mean, lower, upper, users.Sum(u => u.Votes), users.Count);
    }

    /// <summary>Whether a cell differs so much from what gateways have that they should know.</summary>
    public static bool Differs(LearnedQuality known, LearnedFigures now) =>
        Math.Abs(known.Mean - now.Mean) >= Notable || Math.Abs(known.Lower - now.Lower) >= Notable || Math.Abs(known.Upper - now.Upper) >= Notable;
}

/// <summary>The votes of one user on a model's replies at a task.</summary>
/// <param name="Weight">Sum of the votes' weights, above 0.</param>
/// <param name="WeightedScore">Sum of their scores by these weights.</param>
/// <param name="Votes">How many votes.</param>
/// <param name="Key">The key that named the user; null = a key that is bound to the user.</param>
internal sealed record UserVotes(double Weight, double WeightedScore, int Votes, Guid? Key = null);

/// <summary>What was learned of a cell.</summary>
/// <param name="Mean">Mean, 0 to 1.</param>
/// <param name="Lower">Lower end of its 95 % interval.</param>
/// <param name="Upper">Upper end of its 95 % interval.</param>
/// <param name="Votes">How many votes.</param>
/// <param name="Users">Of how many users.</param>
internal sealed record LearnedFigures(double Mean, double Lower, double Upper, int Votes, int Users);
