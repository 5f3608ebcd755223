using AspireGateway.Portal.Configuration;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AspireGateway.Portal.Api;

/// <summary>Failures as problem details (RFC 9457).</summary>
public static class ApiProblems
{
    /// <summary>No or a wrong token.</summary>
    public static ProblemHttpResult Unauthorised =>
        Problem(StatusCodes.Status401Unauthorized, "The API needs a bearer token: send Authorization: Bearer <token>.");

    /// <summary>A caller that may not do this.</summary>
    public static ProblemHttpResult Forbidden => Problem(StatusCodes.Status403Forbidden, "You may not do this.");

    /// <summary>A failure of a command or query.</summary>
    public static ProblemHttpResult From(Failure failure) => failure switch
    {
        Failure.NotFound => Problem(StatusCodes.Status404NotFound, failure.Message),
        Failure.Forbidden => Problem(StatusCodes.Status403Forbidden, failure.Message),
        Failure.Invalid invalid => Problem(StatusCodes.Status400BadRequest, "The request has faults: see errors.", Errors(invalid.Faults)),
        Failure.Conflict conflict => Problem(
            StatusCodes.Status409Conflict, conflict.Message, conflict.Field is null ? null : Errors([new(conflict.Field, conflict.Message)])),
        Failure.Unavailable => Problem(StatusCodes.Status503ServiceUnavailable, failure.Message),
        _ => Problem(StatusCodes.Status500InternalServerError, "The portal failed. Its log says why."),
    };

    /// <summary>A problem with this status and sentence.</summary>
    public static ProblemHttpResult Problem(int status, string detail, IDictionary<string, string[]>? errors = null)
    {
        var problem = errors is null ? new ProblemDetails() : new HttpValidationProblemDetails(errors) { Title = null };
        problem.Status = status;
        problem.Detail = detail;
        return TypedResults.Problem(problem);
    }

    private static Dictionary<string, string[]> Errors(IEnumerable<Fault> faults) =>
        faults.GroupBy(f => f.Field, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(f => f.Message).ToArray(), StringComparer.Ordinal);
}
