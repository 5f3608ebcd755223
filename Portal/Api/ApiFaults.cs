using System.Text.Json;
using System.Text.RegularExpressions;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace AspireGateway.Portal.Api;

/// <summary>Turns what goes wrong around a handler into problem details, under <c>/api</c> only.</summary>
public static partial class ApiFaults
{
    /// <summary>Catches unreadable requests, a store that is away, and everything else; fills in bodies of bare 404 and 405 answers.</summary>
    public static void UseApiFaults(this IApplicationBuilder app) => app.UseWhen(
        http => http.Request.Path.StartsWithSegments(SignIn.ApiPath),
        api =>
        {
            api.UseStatusCodePages(context => ApiProblems.Problem(context.HttpContext.Response.StatusCode, context.HttpContext.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => "There is nothing at this address. See /api/openapi.json for what there is.",
                StatusCodes.Status405MethodNotAllowed => $"This address takes {context.HttpContext.Response.Headers.Allow} only.",
                _ => "The request was refused.",
            }).ExecuteAsync(context.HttpContext));
            api.Use(CatchAsync);
        });

    private static async Task CatchAsync(HttpContext http, RequestDelegate next)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await Unreadable(e).ExecuteAsync(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception e) when (!http.Response.HasStarted && (e is TimeoutException || e.GetBaseException() is NpgsqlException { IsTransient: true } or TimeoutException))
        {
            Log.StoreAway(Logger(http), e);
            await ApiProblems.Problem(StatusCodes.Status503ServiceUnavailable, "The portal's database cannot be reached. Try again.").ExecuteAsync(http);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            Log.Failed(Logger(http), http.Request.Method, http.Request.Path, e);
            await ApiProblems.Problem(StatusCodes.Status500InternalServerError, "The portal failed. Its log says why.").ExecuteAsync(http);
        }
    }

    // Names of fields and parameters are quoted, values never.
    private static ProblemHttpResult Unreadable(BadHttpRequestException e)
    {
        if (e.StatusCode == StatusCodes.Status413PayloadTooLarge) return ApiProblems.Problem(e.StatusCode, "The body is too large.");
        if (e.StatusCode == StatusCodes.Status415UnsupportedMediaType) return ApiProblems.Problem(e.StatusCode, "Send the body as application/json.");
        if (e.InnerException is JsonException json) return NotTheForm(json);
        var parameter = UnboundParameter().Match(e.Message);
        return parameter.Success
            ? OneField(JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Groups["name"].Value), "has the wrong type or form.")
            : ApiProblems.Problem(e.StatusCode, "A JSON body is required.");
    }

    private static ProblemHttpResult NotTheForm(JsonException json)
    {
        var field = json.Path?.TrimStart('$', '.') ?? "";
        if (UnknownField().Match(json.Message) is { Success: true } unknown)
        {
            var name = unknown.Groups["field"].Value;
            // The path leads to the object that has the field, or to the field itself.
            return OneField(field.Length == 0 || field == name || field.EndsWith("." + name, StringComparison.Ordinal) ? (field.Length == 0 ? name : field) : $"{field}.{name}", "is not a field of this request.");
        }
        if (field.Length == 0) return ApiProblems.Problem(StatusCodes.Status400BadRequest, "The body is not JSON of the expected form.");
        return OneField(field, json.Message.StartsWith("Duplicate", StringComparison.Ordinal) ? "stands twice." : "has the wrong type or form.");
    }

    private static ProblemHttpResult OneField(string field, string fault) => ApiProblems.Problem(
        StatusCodes.Status400BadRequest, $"{field} {fault}", new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [$"{field} {fault}"] });

    private static ILogger Logger(HttpContext http) =>
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("AspireGateway.Portal.Api");

    [GeneratedRegex("^The JSON property '(?<field>[^']{1,100})' could not be mapped", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex UnknownField();

    // The parameter as the framework names it: its type, then its name.
    [GeneratedRegex("^Failed to bind parameter \"[^\" ]+ (?<name>[A-Za-z]+)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex UnboundParameter();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
        public static partial void Failed(ILogger logger, string method, string path, Exception fault);

        [LoggerMessage(2, LogLevel.Warning, "The database cannot be reached")]
        public static partial void StoreAway(ILogger logger, Exception fault);
    }
}
